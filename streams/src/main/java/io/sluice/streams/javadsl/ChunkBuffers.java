package io.sluice.streams.javadsl;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Memory that chunks of a log are read into, again and again: outside the heap, so that the kernel copies right into it, and always the same, so that it
 * stays in the processor's caches and nothing is cleared first. Safe for any thread.
 */
final class ChunkBuffers {

    private final int keptBytes;

    // guarded by this
    private final Deque<ByteBuffer> free = new ArrayDeque<>(); // latest first
    private long freeBytes;

    /** @param keptBytes most bytes to keep for the next chunks */
    ChunkBuffers(int keptBytes) {
        this.keptBytes = keptBytes;
    }

    /** An empty buffer with room for exactly so many bytes. */
    synchronized ByteBuffer take(int size) {
        for (Iterator<ByteBuffer> buffers = free.iterator(); buffers.hasNext();) {
            ByteBuffer buffer = buffers.next();
            if (buffer.capacity() >= size) {
                buffers.remove();
                freeBytes -= buffer.capacity();
                return buffer.clear().limit(size);
            }
        }
        return allocate(size);
    }

    private static ByteBuffer allocate(int size) {
        int rounded = size > 1 << 30 ? size : Math.max(4096, Integer.highestOneBit(size - 1) << 1);
        try {
            return ByteBuffer.allocateDirect(rounded).limit(size);
        } catch (OutOfMemoryError e) { // of the limited memory outside the heap; there may be room in it
            return ByteBuffer.allocate(size);
        }
    }

    /** Takes a buffer back, which nobody uses any more. */
    synchronized void giveBack(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return;
        }
        free.addFirst(buffer);
        freeBytes += buffer.capacity();
        while (freeBytes > keptBytes) {
            freeBytes -= free.removeLast().capacity();
        }
    }
}
