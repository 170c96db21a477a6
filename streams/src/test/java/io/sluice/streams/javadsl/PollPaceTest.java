package io.sluice.streams.javadsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PollPaceTest {

    private static final long MS = 1_000_000;
    private static final long START = nearOverflow(); // as the clock may begin anywhere

    private static long nearOverflow() {
        return Long.MAX_VALUE - 5 * MS;
    }

    private final PollPace pace = new PollPace(START);

    @Test
    void withoutRecordsOfALogEachTurnPolls() {
        assertThat(pace.pause(START)).isZero();
    }

    @Test
    void whileTheStreamTakesChunkAfterChunkPollsAreRare() {
        pace.polled(START);
        pace.fed(START + MS);
        assertThat(pace.pause(START + MS)).isEqualTo(9 * MS);
        pace.fed(START + 9 * MS);
        assertThat(pace.pause(START + 9 * MS)).isEqualTo(MS);
        assertThat(pace.pause(START + 10 * MS)).isZero();
        assertThat(pace.pause(START + 15 * MS)).isZero();
    }

    @Test
    void aStreamThatStopsTakingHasEachTurnPollAgain() {
        pace.fed(START);
        pace.polled(START + 9 * MS);
        assertThat(pace.pause(START + 9 * MS)).isPositive();
        assertThat(pace.pause(START + 10 * MS)).isZero();
    }
}
