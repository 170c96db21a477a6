package io.sluice.persistence.log;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds background work back to a number of bytes per second, until it is told to stop. For one thread at work. */
final class Throttle {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long bytesPerSecond;
    private final CountDownLatch stopped;
    /** When what was done so far may have been done, in {@link System#nanoTime}. */
    private long paidUntil = System.nanoTime();

    /** @param stopped ends every wait when it opens */
    Throttle(long bytesPerSecond, CountDownLatch stopped) {
        this.bytesPerSecond = bytesPerSecond;
        this.stopped = stopped;
    }

    /**
     * Notes bytes read or written, and waits if that was too fast: in steps of some milliseconds, so that many small amounts do not mean many waits.
     *
     * @throws InterruptedException if the work is to end
     */
    void used(long bytes) throws InterruptedException {
        long now = System.nanoTime();
        paidUntil = Math.max(paidUntil, now - SECOND / 10) + (long) ((double) bytes / bytesPerSecond * SECOND);
        if (stopped.getCount() == 0 || (paidUntil > now && stopped.await(paidUntil - now, TimeUnit.NANOSECONDS))) {
            throw new InterruptedException("stopped");
        }
    }
}
