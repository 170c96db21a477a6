package io.sluice.persistence.replication.net;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before connecting again: doubles from a least to a greatest time, and differs by chance so that nodes do not come in step. */
final class Backoff {
    private final long leastMillis;
    private final long greatestMillis;
    private final RandomGenerator random;
    private long next;

    Backoff(Duration least, Duration greatest, RandomGenerator random) {
        this.leastMillis = least.toMillis();
        this.greatestMillis = greatest.toMillis();
        this.random = random;
        this.next = leastMillis;
    }

    /** Milliseconds to wait now: from half of the time that is due to all of it. */
    long nextMillis() {
        long due = next;
        next = Math.min(greatestMillis, 2 * due);
        return due / 2 + random.nextLong(due - due / 2 + 1);
    }

    /** Begins again, after success. */
    void reset() {
        next = leastMillis;
    }
}
