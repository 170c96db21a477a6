package io.sluice.streams.javadsl;

import java.time.Duration;

/**
 * Decides who reads a partition that this node leads: its log; but once that failed at some offset, the client, which learns from the node what is the
 * matter and knows what the settings want done about it (another offset, a failure of the stream). The log is tried again when the client has got on.
 */
final class Detour {

    /** How long the client has for it before the log is tried again. */
    static final Duration RETRY = Duration.ofSeconds(1);

    private static final long NONE = -1;

    private long failedAt = NONE;
    private long retryNanos;

    /**
     * The log could not be read.
     *
     * @param offset where
     * @param nanos the time, as {@link System#nanoTime}
     */
    void begin(long offset, long nanos) {
        failedAt = offset;
        retryNanos = nanos + RETRY.toNanos();
    }

    /** Whether the log failed, and it has not turned out to be over. */
    boolean isBegun() {
        return failedAt != NONE;
    }

    /** Whether the client shall read now. */
    boolean isTaken(long offset, long nanos) {
        if (failedAt != NONE && (offset != failedAt || nanos - retryNanos >= 0)) {
            failedAt = NONE;
        }
        return failedAt != NONE;
    }
}
