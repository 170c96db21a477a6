package io.sluice.persistence.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Reads batches of one held segment by position. A small buffer serves the heads of neighbouring small batches with one read; large batches cost one
 * small read per head. For one thread at a time.
 */
final class SegmentReader {
    private static final int BUFFER = 16 * 1024;
    private static final ThreadLocal<ByteBuffer> BUFFERS = ThreadLocal
            .withInitial(() -> ByteBuffer.allocateDirect(BUFFER));

    private final FileChannel channel;
    private final long end;
    private final ByteBuffer buffer;
    private long bufferAt;
    private int buffered;
    private int lastSize = 1;

    private SegmentReader(FileChannel channel, long end, ByteBuffer buffer) {
        this.channel = channel;
        this.end = end;
        this.buffer = buffer;
    }

    /** A reader for a scan, never at or past {@code end}. */
    static SegmentReader forScan(FileChannel channel, long end) {
        return new SegmentReader(channel, end, ByteBuffer.allocate(BUFFER));
    }

    /** A reader for a few heads that shares its thread's buffer: no other such reader may be used on the thread until this one is done. */
    static SegmentReader forLookup(FileChannel channel, long end) {
        return new SegmentReader(channel, end, BUFFERS.get());
    }

    /** The head of the batch at a position, or null if too few bytes follow it. */
    BatchHeader head(long position) throws IOException {
        if (end - position < BatchHeader.BYTES) {
            return null;
        }
        int at = fill(position, BatchHeader.BYTES, lastSize > BUFFER / 4 ? BatchHeader.BYTES : BUFFER);
        BatchHeader head = BatchHeader.read(buffer, at);
        lastSize = head.sizeInBytes();
        return head;
    }

    /** Whether a head could begin a whole batch at a position. */
    boolean isPlausible(BatchHeader head, long position) {
        return head != null && head.magic() == BatchHeader.MAGIC && head.sizeInBytes() >= BatchHeader.BYTES
                && head.sizeInBytes() <= end - position && head.lastOffsetDelta() >= 0 && head.baseOffset() >= 0;
    }

    /** Whether the checksum of a plausible batch is right. */
    boolean isIntact(BatchHeader head, long position) throws IOException {
        CRC32C crc = new CRC32C();
        long at = position + BatchHeader.ATTRIBUTES_POSITION;
        long stop = position + head.sizeInBytes();
        while (at < stop) {
            int want = (int) Math.min(BUFFER, stop - at);
            int from = fill(at, want, BUFFER);
            crc.update(buffer.slice(from, want));
            at += want;
        }
        return (int) crc.getValue() == head.crc();
    }

    /** The whole batch. */
    ByteBuffer bytes(BatchHeader head, long position) throws IOException {
        ByteBuffer batch = ByteBuffer.allocate(head.sizeInBytes());
        readFully(batch, position);
        return batch.flip();
    }

    /** One byte, for a search. */
    byte at(long position) throws IOException {
        return buffer.get(fill(position, 1, BUFFER));
    }

    /** Makes {@code need} bytes from {@code position} available, reading up to {@code want}; returns their place in the buffer. */
    private int fill(long position, int need, int want) throws IOException {
        long skip = position - bufferAt;
        if (skip >= 0 && skip + need <= buffered) {
            return (int) skip;
        }
        buffered = 0;
        buffer.clear().limit((int) Math.min(want, end - position));
        readFully(buffer, position);
        buffered = buffer.position();
        bufferAt = position;
        return 0;
    }

    private void readFully(ByteBuffer to, long position) throws IOException {
        int start = to.position();
        while (to.hasRemaining()) {
            int n = channel.read(to, position + to.position() - start);
            if (n < 0) {
                throw new EOFException("file ends before position " + (position + to.limit()));
            }
        }
    }
}
