package io.sluice.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchingTest {
    private static final long PAUSE = Batching.PAUSE.toNanos();

    private final Batching batching = new Batching();

    @Test
    void letsOneRequestAfterAnotherPass() {
        assertThat(batching.pauseNanos(0)).isZero();
        batching.taken(1, 0);
        assertThat(batching.pauseNanos(1)).isZero();
    }

    @Test
    void waitsAfterSeveralUntilThePauseIsOver() {
        batching.taken(2, -PAUSE);
        assertThat(batching.pauseNanos(-PAUSE + 10)).isEqualTo(PAUSE - 10);
        assertThat(batching.pauseNanos(0)).isZero();
        assertThat(batching.pauseNanos(5 * PAUSE)).isZero();
    }

    @Test
    void goesOnAtOnceWhenTheRushIsOver() {
        batching.taken(9, 0);
        batching.taken(1, PAUSE);
        assertThat(batching.pauseNanos(PAUSE + 1)).isZero();
    }
}
