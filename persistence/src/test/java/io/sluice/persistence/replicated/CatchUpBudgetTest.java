package io.sluice.persistence.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CatchUpBudgetTest {
    private final CatchUpBudget budget = new CatchUpBudget(1_000, 500, 10_000);

    @Test
    void whatIsSentBeyondItIsPaidForLater() {
        assertThat(budget.hasRoom(10_000)).isTrue();
        budget.take(1_500);
        assertThat(budget.hasRoom(10_000)).isFalse();
        assertThat(budget.hasRoom(11_000)).isFalse();
        assertThat(budget.hasRoom(11_001)).isTrue();
    }

    @Test
    void littleIsSavedUp() {
        assertThat(budget.hasRoom(90_000)).isTrue();
        budget.take(500);
        assertThat(budget.hasRoom(90_000)).isFalse();
    }

    @Test
    void askingOftenLosesNothing() {
        CatchUpBudget slow = new CatchUpBudget(1, 1_000, 0);
        slow.take(2);
        for (int now = 0; now < 2_000; now += 100) {
            assertThat(slow.hasRoom(now)).isFalse();
        }
        assertThat(slow.hasRoom(2_000)).isTrue();
    }
}
