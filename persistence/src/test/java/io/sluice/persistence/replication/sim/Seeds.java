package io.sluice.persistence.replication.sim;

import java.util.function.IntFunction;

/** Runs a kind of simulation from its seeds. */
final class Seeds {
    private Seeds() {
    }

    /** Runs one to its end; what it finds names the seed and the last steps. */
    static void run(long seed, Simulation simulation) {
        try {
            simulation.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e + "\nthe last steps were\n" + simulation.lastSteps(), e);
        }
    }

    /** The first seed below {@code seeds} whose simulation violates an invariant, -1 if none does. */
    static int firstViolation(int seeds, IntFunction<Simulation> simulation) {
        for (int seed = 0; seed < seeds; seed++) {
            try {
                simulation.apply(seed).runFaults();
            } catch (Checker.Violation e) {
                return seed;
            }
        }
        return -1;
    }
}
