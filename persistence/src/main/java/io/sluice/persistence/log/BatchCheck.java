package io.sluice.persistence.log;

import java.io.IOException;

/**
 * Says whether a whole, undamaged batch lies at a position, and finds the next one behind damage. Base offset, length and leader epoch are
 * outside a batch's checksum, so they are checked against what must be there: offsets follow one another, the length through the checksum, the
 * epoch through the epoch history.
 */
final class BatchCheck {
    static final int NO_NEW_EPOCH = -1;

    private final SegmentReader reader;
    private final EntryBatch.Kind kind;
    private final long end;
    private final long endOffset;

    /**
     * @param end where the bytes end that may be looked at
     * @param endOffset the offset that no batch there reaches beyond, Long.MAX_VALUE if it is not known
     */
    BatchCheck(SegmentReader reader, EntryBatch.Kind kind, long end, long endOffset) {
        this.reader = reader;
        this.kind = kind;
        this.end = end;
        this.endOffset = endOffset;
    }

    /**
     * The head of the batch at a position, or null if damage is there.
     *
     * @param expected the offset that follows the batch before
     * @param afterDamage whether batches before may be missing, so that a larger offset is right too
     * @param newest the highest epoch a batch may have that {@code epochs} does not know yet, {@link #NO_NEW_EPOCH} for none
     */
    BatchHeader at(long position, long expected, boolean afterDamage, EpochHistory epochs, int newest)
            throws IOException {
        BatchHeader head = reader.head(position);
        if (!reader.isPlausible(head, position) || !follows(head, expected, afterDamage)
                || !epochFits(head, epochs, newest) || !reader.isIntact(head, position)) {
            return null;
        }
        return overlapsNext(head, position, expected) ? null : head;
    }

    private boolean follows(BatchHeader head, long expected, boolean afterDamage) {
        if (head.nextOffset() > endOffset) {
            return false;
        }
        if (kind == EntryBatch.Kind.RECORDS && !afterDamage) {
            return head.baseOffset() == expected;
        }
        return head.baseOffset() >= expected && head.baseOffset() - expected <= Integer.MAX_VALUE;
    }

    private static boolean epochFits(BatchHeader head, EpochHistory epochs, int newest) {
        if (head.leaderEpoch() > epochs.latest()) {
            return head.leaderEpoch() <= newest;
        }
        return head.leaderEpoch() == epochs.epochAt(head.baseOffset());
    }

    /** Events may leave gaps, so only the next batch can tell that a base offset is too high. */
    private boolean overlapsNext(BatchHeader head, long position, long expected) throws IOException {
        if (kind == EntryBatch.Kind.RECORDS) {
            return false;
        }
        long nextAt = position + head.sizeInBytes();
        BatchHeader next = reader.head(nextAt);
        return reader.isPlausible(next, nextAt) && next.baseOffset() >= expected
                && next.baseOffset() < head.nextOffset();
    }

    /** Where the next undamaged batch begins, from {@code from} on and before {@code to}; -1 if there is none. */
    long next(long from, long to, long expected, EpochHistory epochs, int newest) throws IOException {
        long last = Math.min(to - 1, end - BatchHeader.BYTES);
        for (long p = from; p <= last; p++) {
            if (reader.at(p + BatchHeader.MAGIC_POSITION) == BatchHeader.MAGIC
                    && at(p, expected, true, epochs, newest) != null) {
                return p;
            }
        }
        return -1;
    }
}
