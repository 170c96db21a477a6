package io.sluice.persistence.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Checks batches that came from a leader, before they are appended as they are. */
final class LeaderBatches {
    private final String persistenceId;
    private final ByteBuffer batches;
    private final EntryBatch.Kind kind;
    private final int promisedEpoch;

    LeaderBatches(String persistenceId, ByteBuffer batches, EntryBatch.Kind kind, int promisedEpoch) {
        this.persistenceId = persistenceId;
        this.batches = batches;
        this.kind = kind;
        this.promisedEpoch = promisedEpoch;
    }

    /**
     * Whether all are whole and intact and follow a log's end and each other.
     *
     * @param end end of the log
     * @param history of the log
     * @return the history once they are appended
     */
    LogHistory check(long end, LogHistory history) throws CorruptLogException {
        if (batches.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("not in network byte order: " + batches);
        }
        LogHistory after = history;
        long expected = end;
        int at = batches.position();
        while (at < batches.limit()) {
            if (batches.limit() - at < BatchHeader.BYTES) {
                throw wrong(expected, "ends in " + (batches.limit() - at) + " bytes that are no whole batch");
            }
            BatchHeader head = BatchHeader.read(batches, at);
            checkForm(head, batches.limit() - at, expected);
            if (BatchHeader.computeCrc(batches, at, head.sizeInBytes()) != head.crc()) {
                throw wrong(expected, "a batch has the wrong checksum");
            }
            checkPlace(head, expected, after.epochs().latest());
            after = with(after, at, expected);
            expected = head.nextOffset();
            at += head.sizeInBytes();
        }
        return after;
    }

    private LogHistory with(LogHistory history, int at, long expected) throws CorruptLogException {
        try {
            return history.with(kind, batches, at);
        } catch (IllegalArgumentException e) {
            throw wrong(expected, e.getMessage());
        }
    }

    private void checkForm(BatchHeader head, int left, long expected) throws CorruptLogException {
        if (head.magic() != BatchHeader.MAGIC || head.sizeInBytes() < BatchHeader.BYTES || head.sizeInBytes() > left
                || head.lastOffsetDelta() < 0) {
            throw wrong(expected, "not a whole record batch of magic 2: " + head);
        }
    }

    private void checkPlace(BatchHeader head, long expected, int latest) throws CorruptLogException {
        boolean follows = kind == EntryBatch.Kind.RECORDS
                ? head.baseOffset() == expected
                : head.baseOffset() >= expected;
        if (!follows) {
            throw wrong(expected, "a batch has offset " + head.baseOffset() + ", which does not follow");
        }
        if (head.leaderEpoch() < latest || head.leaderEpoch() > promisedEpoch) {
            throw wrong(expected, "a batch has leader epoch " + head.leaderEpoch() + ", which is not from " + latest
                    + " to the promised " + promisedEpoch);
        }
    }

    private CorruptLogException wrong(long offset, String what) {
        return new CorruptLogException(
                persistenceId + ": batches from the leader are damaged or misplaced at offset " + offset + ": " + what);
    }
}
