package io.sluice.persistence.replication.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelfHostedSimulationTest {
    private static final boolean LONG = Boolean.getBoolean("sluice.long");

    @Test
    void noFaultBreaksAnInvariantOrKeepsTheLogFromComingToRest() {
        for (long seed = 0; seed < (LONG ? 100_000 : 400); seed++) {
            run(seed);
        }
    }

    /** {@code -Dsluice.seed=n} runs one seed again. */
    @Test
    @EnabledIfSystemProperty(named = "sluice.seed", matches = "\\d+")
    void oneSeed() {
        run(Long.getLong("sluice.seed"));
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenRuleIsFound(SelfHostedMutation mutation) {
        assertThat(Seeds.firstViolation(10_000, seed -> new SelfHostedSimulation(seed, mutation)))
                .as("no seed shows it").isGreaterThanOrEqualTo(0);
    }

    private static void run(long seed) {
        Seeds.run(seed, new SelfHostedSimulation(seed, Faults.NONE));
    }
}
