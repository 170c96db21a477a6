package io.sluice.streams.javadsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DetourTest {

    private static final long LATER = Detour.RETRY.toNanos();

    private final Detour detour = new Detour();

    @Test
    void theLogIsReadUntilItFails() {
        assertThat(detour.isBegun()).isFalse();
        assertThat(detour.isTaken(0, 0)).isFalse();
    }

    @Test
    void theClientReadsUntilItHasGotOn() {
        detour.begin(7, 100);
        assertThat(detour.isTaken(7, 101)).isTrue();
        assertThat(detour.isTaken(9, 102)).isFalse();
        assertThat(detour.isTaken(7, 103)).as("it is over").isFalse();
    }

    @Test
    void theLogIsTriedAgainAfterAWhile() {
        detour.begin(7, Long.MAX_VALUE - 5); // the clock may overflow
        assertThat(detour.isTaken(7, Long.MAX_VALUE - 5 + LATER - 1)).isTrue();
        assertThat(detour.isTaken(7, Long.MAX_VALUE - 5 + LATER)).isFalse();
        detour.begin(7, 0);
        assertThat(detour.isTaken(7, 1)).isTrue();
    }
}
