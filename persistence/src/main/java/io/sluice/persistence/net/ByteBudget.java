package io.sluice.persistence.net;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all connections of a kind together may receive and work on. A frame counts with its announced length from its beginning, so that
 * a frame which was let in can always be completed. Safe for any thread.
 */
public final class ByteBudget {
    private final long max;
    private final AtomicLong used = new AtomicLong();
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private volatile boolean anyWaiting;

    /** @param max bytes in all */
    public ByteBudget(long max) {
        this.max = max;
    }

    /**
     * Takes bytes if there is room; a single frame always finds room when nothing else is there, however large. If there is none, {@code onRoom} is run
     * once, at a later release, and the caller tries again.
     *
     * @param onRoom must be quick and throw nothing; waits once however often it is given
     */
    public boolean reserve(int bytes, Runnable onRoom) {
        if (tryReserve(bytes)) {
            return true;
        }
        synchronized (waiting) {
            waiting.add(onRoom);
            anyWaiting = true;
        }
        // what was released before that woke nobody
        return tryReserve(bytes);
    }

    private boolean tryReserve(int bytes) {
        while (true) {
            long now = used.get();
            if (now > 0 && now + bytes > max) {
                return false;
            }
            if (used.compareAndSet(now, now + bytes)) {
                return true;
            }
        }
    }

    /** Gives bytes back. */
    public void release(int bytes) {
        used.addAndGet(-bytes);
        if (anyWaiting) {
            List<Runnable> woken;
            synchronized (waiting) {
                woken = List.copyOf(waiting);
                waiting.clear();
                anyWaiting = false;
            }
            woken.forEach(Runnable::run);
        }
    }

    /** Bytes in use. */
    public long used() {
        return used.get();
    }
}
