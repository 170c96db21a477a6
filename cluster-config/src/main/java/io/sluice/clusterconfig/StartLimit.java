package io.sluice.clusterconfig;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The time that a start may take, without that spent waiting for other nodes. Safe for any thread. */
final class StartLimit {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final long limitNanos;
    private long usedNanos;
    private long runningSince = System.nanoTime();
    private boolean paused;

    /** The clock runs from now on. */
    StartLimit(Duration limit) {
        limitNanos = limit.toNanos();
    }

    /** Stops the clock. */
    synchronized void pause() {
        usedNanos = used();
        paused = true;
    }

    /** Lets it run on. */
    synchronized void resume() {
        runningSince = System.nanoTime();
        paused = false;
    }

    /** Waits for the end of the start. */
    void await(CompletableFuture<?> end) throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            long left = left();
            if (left <= 0) {
                throw new TimeoutException();
            }
            try {
                end.get(Math.min(left, LOOK_AGAIN.toNanos()), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                // the clock may have been stopped meanwhile
            }
        }
    }

    private synchronized long left() {
        return paused ? LOOK_AGAIN.toNanos() : limitNanos - used();
    }

    private long used() {
        return paused ? usedNanos : usedNanos + System.nanoTime() - runningSince;
    }
}
