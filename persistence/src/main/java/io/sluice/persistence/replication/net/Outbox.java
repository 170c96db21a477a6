package io.sluice.persistence.replication.net;

import java.util.ArrayDeque;
import java.util.Queue;

/** What is to leave by one connection and is not out yet, bounded in bytes. Safe for any thread. */
final class Outbox {
    private final long bytesMax;
    private final Runnable wake;
    private final Queue<OutgoingFrame> waiting = new ArrayDeque<>();
    private long used;
    private boolean woken;
    private boolean closed;
    private boolean lost;

    /** @param wake run when frames wait and nobody was told yet; must be quick */
    Outbox(long bytesMax, Runnable wake) {
        this.bytesMax = bytesMax;
        this.wake = wake;
    }

    /** Whether another frame would be refused now. */
    synchronized boolean isFull() {
        return closed || used >= bytesMax;
    }

    /** Takes a frame over; false, and the frame is released, if there is no room. A single frame always has room. */
    boolean offer(OutgoingFrame frame) {
        boolean accepted;
        boolean tell = false;
        synchronized (this) {
            accepted = !closed && (used == 0 || used + frame.bytes() <= bytesMax);
            if (accepted) {
                used += frame.bytes();
                waiting.add(frame);
                tell = !woken;
                woken = true;
            }
        }
        if (!accepted) {
            frame.release();
        } else if (tell) {
            wake.run();
        }
        return accepted;
    }

    /** The next frame to write, null if none waits; then the next {@link #offer} wakes again. */
    synchronized OutgoingFrame poll() {
        OutgoingFrame next = waiting.poll();
        if (next == null) {
            woken = false;
        }
        return next;
    }

    /** Makes room: so many bytes of polled frames are out, or will never be. */
    synchronized void written(long bytes) {
        used -= bytes;
    }

    /** Bytes of frames that wait or are being written. */
    synchronized long used() {
        return used;
    }

    /** Whether there was something when it was closed that was not out. */
    synchronized boolean hasLost() {
        return lost;
    }

    /** Releases what waits; everything offered later is refused. */
    synchronized void close() {
        lost |= used > 0;
        closed = true;
        OutgoingFrame frame;
        while ((frame = waiting.poll()) != null) {
            used -= frame.bytes();
            frame.release();
        }
    }
}
