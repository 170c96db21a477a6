package io.sluice.persistence.log;

import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/** A held range of one segment. */
final class FileSlice implements LogSlice {
    private static final AtomicIntegerFieldUpdater<FileSlice> CLOSED = AtomicIntegerFieldUpdater
            .newUpdater(FileSlice.class, "closed");

    private final Segment segment;
    private final FileChannel channel;
    private final long position;
    private final int length;
    private final long nextOffset;
    private volatile int closed;

    /** Takes over the caller's hold on {@code segment}. */
    FileSlice(Segment segment, FileChannel channel, long position, int length, long nextOffset) {
        this.segment = segment;
        this.channel = channel;
        this.position = position;
        this.length = length;
        this.nextOffset = nextOffset;
    }

    /** A slice without bytes. */
    static FileSlice empty(long offset) {
        return new FileSlice(null, null, 0, 0, offset);
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public long nextOffset() {
        return nextOffset;
    }

    @Override
    public void close() {
        if (segment != null && CLOSED.compareAndSet(this, 0, 1)) {
            segment.release();
        }
    }

    @Override
    public String toString() {
        return "slice of " + length + " bytes at " + position + ", next offset " + nextOffset;
    }
}
