package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes of a replica's segment where intact batches must be and are not. What was there is known by its offsets and epochs, and another replica that has
 * entries of these epochs at these offsets has the same ones: its bytes mend this copy, which has forgotten nothing then.
 *
 * @param file the segment
 * @param position where the damage begins, behind an intact batch or at the segment's begin
 * @param length in bytes, up to the next intact batch or the segment's end
 * @param from offset that follows the batch before
 * @param to base offset of the next intact batch, or the segment's end offset
 * @param kind what the log holds
 * @param epochs which epoch the offsets belong to
 */
public record Damage(Path file, long position, long length, long from, long to, EntryBatch.Kind kind,
        EpochHistory epochs) {

    /** Whether batches from another replica are those that were here, or the first of them: intact, in their places, of the right epochs. */
    public boolean isMendedBy(ByteBuffer batches) {
        if (!batches.hasRemaining() || batches.remaining() > length) {
            return false;
        }
        long expected = from;
        int at = batches.position();
        while (at < batches.limit()) {
            if (batches.limit() - at < BatchHeader.BYTES) {
                return false;
            }
            BatchHeader head = BatchHeader.read(batches, at);
            if (!isHere(head, batches.limit() - at, expected)
                    || BatchHeader.computeCrc(batches, at, head.sizeInBytes()) != head.crc()) {
                return false;
            }
            expected = head.nextOffset();
            at += head.sizeInBytes();
        }
        return batches.remaining() < length ? expected < to : expected == to || leavesGap(expected);
    }

    private boolean isHere(BatchHeader head, int left, long expected) {
        boolean whole = head.magic() == BatchHeader.MAGIC && head.sizeInBytes() >= BatchHeader.BYTES
                && head.sizeInBytes() <= left && head.lastOffsetDelta() >= 0;
        boolean follows = kind == EntryBatch.Kind.RECORDS
                ? head.baseOffset() == expected
                : head.baseOffset() >= expected;
        return whole && follows && head.leaderEpoch() == epochs.epochAt(head.baseOffset());
    }

    /** Events may leave gaps between batches. */
    private boolean leavesGap(long end) {
        return kind == EntryBatch.Kind.EVENTS && end < to;
    }

    /** The same damage in a log with another history. */
    Damage in(EpochHistory current) {
        return new Damage(file, position, length, from, to, kind, current);
    }

    /** Puts batches that mend it in place, durably. */
    void mend(ByteBuffer batches) throws IOException {
        ByteBuffer bytes = batches.duplicate();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            channel.force(false);
        }
    }

    @Override
    public String toString() {
        return "file " + file + ", position " + position + ", offset " + from + ": " + length + " bytes";
    }
}
