package io.sluice.actors.partition;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the appends of one partition that wait to be stored, and their bytes, in one number, so that a reservation is one atomic step. This
 * bounds the actor's mailbox and the memory that one partition can hold. Safe for any thread.
 */
final class InFlight {

    /** Most appends that can be counted. */
    static final int APPENDS_LIMIT = (1 << 19) - 1;

    private static final int BYTES_BITS = 44;
    private static final long ONE_APPEND = 1L << BYTES_BITS;
    private static final long BYTES_MASK = ONE_APPEND - 1;

    private final AtomicLong counts = new AtomicLong();

    /** Reserves room for an append. One is always let in when nothing waits, however large it is. */
    boolean reserve(int bytes, int maxAppends, long maxBytes) {
        long before = counts.getAndAdd(ONE_APPEND + bytes);
        long appends = before >>> BYTES_BITS;
        if (appends > 0 && (appends >= maxAppends || (before & BYTES_MASK) + bytes > maxBytes)) {
            release(bytes);
            return false;
        }
        return true;
    }

    /** Gives back what was reserved. */
    void release(int bytes) {
        counts.addAndGet(-ONE_APPEND - bytes);
    }

    boolean isEmpty() {
        return counts.get() == 0;
    }
}
