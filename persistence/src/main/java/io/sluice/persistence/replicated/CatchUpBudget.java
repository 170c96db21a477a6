package io.sluice.persistence.replicated;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes this node may send, of all logs together, to replicas that have to be brought up: so much per second, and no more at once than it saves up
 * in a short time. Who finds anything left may send one request of any size, which is paid for by those that come later.
 *
 * <p>Has no clock: times are in milliseconds of one that never goes back. Safe for any thread.
 */
final class CatchUpBudget {
    private final long bytesPerSecond;
    private final long most;

    // guarded by this
    private long left;
    private long filledAt;

    /**
     * @param bytesPerSecond at least 1
     * @param savedUp for how long bytes that are not used are saved up, in milliseconds
     */
    CatchUpBudget(long bytesPerSecond, long savedUp, long now) {
        this.bytesPerSecond = bytesPerSecond;
        this.most = Math.max(1, bytesIn(savedUp));
        this.left = most;
        this.filledAt = now;
    }

    /** Whether anything may be sent now. */
    synchronized boolean hasRoom(long now) {
        long earned = bytesIn(now - filledAt);
        if (earned > 0) {
            left = Math.min(most, left + earned);
            filledAt = now;
        }
        return left > 0;
    }

    /** So many bytes were sent. */
    synchronized void take(int bytes) {
        left -= bytes;
    }

    private long bytesIn(long millis) {
        return (long) ((double) bytesPerSecond * millis / TimeUnit.SECONDS.toMillis(1));
    }
}
