package io.sluice.persistence.replication.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation is only worth something if it finds the mistakes that the model found. */
class MutationTest {

    @ParameterizedTest
    @EnumSource
    void aBrokenRuleIsFound(Mutation mutation) {
        // a lost promise shows only if a crash falls between a claim and the sync that follows: rarely
        assumeThat(mutation != Mutation.M9_PROMISE_ONLY_IN_MEMORY || Boolean.getBoolean("sluice.long")).isTrue();
        int seeds = mutation == Mutation.M9_PROMISE_ONLY_IN_MEMORY ? 100_000 : 6_000;
        assertThat(Seeds.firstViolation(seeds, seed -> new Simulation(seed, mutation)))
                .as("no seed up to %d shows it", seeds).isGreaterThanOrEqualTo(0);
    }
}
