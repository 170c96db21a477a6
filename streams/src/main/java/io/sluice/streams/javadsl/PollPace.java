package io.sluice.streams.javadsl;

import java.time.Duration;

/**
 * Decides when the consumer is polled while a stream lives on the logs of this node. A poll, and being woken from one, costs as much as reading some
 * hundred records, so it is not done for each chunk; but the consumer learns of its group, and gets answers to what it sent, in polls only.
 */
final class PollPace {

    /** How long it goes without a poll at most. */
    static final Duration MAX_PAUSE = Duration.ofMillis(10);

    private static final long MAX_PAUSE_NANOS = MAX_PAUSE.toNanos();

    private long polledNanos;
    private long fedNanos;

    /** @param nanos the time, as {@link System#nanoTime}, as everywhere here */
    PollPace(long nanos) {
        polledNanos = nanos;
        fedNanos = nanos - MAX_PAUSE_NANOS;
    }

    /** The consumer was polled. */
    void polled(long nanos) {
        polledNanos = nanos;
    }

    /** The stream was given records from a log. */
    void fed(long nanos) {
        fedNanos = nanos;
    }

    /** For how many nanoseconds the next poll may still wait, for the stream to ask for more of a log; 0 if it is due. */
    long pause(long nanos) {
        if (nanos - fedNanos >= MAX_PAUSE_NANOS) {
            return 0; // the stream is slow, or has all there is
        }
        return Math.max(0, polledNanos + MAX_PAUSE_NANOS - nanos);
    }
}
