package io.sluice.persistence.replication.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class SimulationTest {
    private static final boolean LONG = Boolean.getBoolean("sluice.long");

    @Test
    void noFaultBreaksAnInvariantOrKeepsTheLogFromComingToRest() {
        long first = LONG ? 1_000 : 0;
        for (long seed = first; seed < first + (LONG ? 100_000 : 400); seed++) {
            run(seed);
        }
    }

    /** {@code -Dsluice.seed=n} runs one seed again. */
    @Test
    @EnabledIfSystemProperty(named = "sluice.seed", matches = "\\d+")
    void oneSeed() {
        run(Long.getLong("sluice.seed"));
    }

    @Test
    void theSameSeedIsTheSameRun() {
        Simulation one = new Simulation(42, Faults.NONE);
        Simulation other = new Simulation(42, Faults.NONE);
        one.run();
        other.run();
        assertThat(one.lastSteps()).isEqualTo(other.lastSteps()).isNotEmpty();
    }

    private static void run(long seed) {
        Seeds.run(seed, new Simulation(seed, Faults.NONE));
    }
}
