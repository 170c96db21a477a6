package io.sluice.actors.group;

import java.time.Duration;

/**
 * Decides when a coordinator takes the requests that wait for it: at once, unless there were several the last time, a moment ago. More are about to
 * come then, and one write shall do for many; a client that sends one request after another never waits. Kafka's {@code append.linger} is meant
 * for the same. Not thread-safe.
 */
final class Batching {
    /** From one taking to the next while requests come thick. */
    static final Duration PAUSE = Duration.ofMillis(2);

    private long lastNanos;
    private int lastCount;

    /** How long to wait, given the time as {@link System#nanoTime}; 0 for not at all. */
    long pauseNanos(long nanos) {
        return lastCount < 2 ? 0 : Math.max(0, PAUSE.toNanos() - (nanos - lastNanos));
    }

    /** So many requests are taken now. */
    void taken(int count, long nanos) {
        lastCount = count;
        lastNanos = nanos;
    }
}
