package io.sluice.persistence.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Batches to append, all or none. */
final class Append extends LogTask<Void> {
    private final int leaderEpoch;
    private final List<EntryBatch> batches;

    /** @throws IllegalArgumentException if a buffer does not hold one whole batch of magic 2 */
    Append(int leaderEpoch, List<EntryBatch> batches) {
        this.leaderEpoch = leaderEpoch;
        this.batches = batches;
        for (int i = 0; i < batches.size(); i++) {
            checkForm(batches.get(i).bytes());
        }
    }

    private static void checkForm(ByteBuffer b) {
        int at = b.position();
        int size = b.remaining();
        if (b.order() != ByteOrder.BIG_ENDIAN || size < BatchHeader.BYTES
                || b.getInt(at + BatchHeader.LENGTH_POSITION) != size - BatchHeader.LOG_OVERHEAD
                || b.get(at + BatchHeader.MAGIC_POSITION) != BatchHeader.MAGIC || lastOffsetDelta(b) < 0) {
            throw new IllegalArgumentException("not one whole record batch of magic 2: " + b);
        }
    }

    /**
     * Why the batches may not be appended to a log, null if they may.
     *
     * @param claimed the epoch that may append, -1 if none
     * @param logKind what the log holds, null if nothing yet
     * @param end its end
     * @param highestSequenceNr its highest sequence number
     * @param gapless whether the sequence numbers of records follow each other without a gap, as those of a replicated log do
     */
    String whatIsWrong(int claimed, EntryBatch.Kind logKind, long end, long highestSequenceNr, boolean gapless) {
        if (leaderEpoch != claimed) {
            return "leader epoch " + leaderEpoch + " may not append, the last claimed one is " + claimed;
        }
        EntryBatch.Kind kind = logKind;
        long offset = end;
        long sequenceNr = highestSequenceNr;
        for (int i = 0; i < batches.size(); i++) {
            EntryBatch b = batches.get(i);
            if (kind == null) {
                kind = b.kind();
            }
            if (b.kind() != kind) {
                return "a log of " + kind + " takes no " + b.kind();
            }
            if (batchEpoch(b.bytes()) != claimed) {
                return "a batch has leader epoch " + batchEpoch(b.bytes()) + " instead of " + claimed;
            }
            boolean records = kind == EntryBatch.Kind.RECORDS;
            if (b.firstSequenceNr() <= sequenceNr
                    || (gapless && records && b.firstSequenceNr() != sequenceNr + 1)) {
                return "sequence number " + b.firstSequenceNr() + " does not follow " + sequenceNr;
            }
            long base = baseOffset(b.bytes());
            long last = base + lastOffsetDelta(b.bytes());
            if (records
                    ? base != offset || b.firstSequenceNr() != b.lastSequenceNr()
                    : base < offset || base != b.firstSequenceNr() - 1 || last != b.lastSequenceNr() - 1) {
                return "offsets " + base + " to " + last + " with sequence numbers " + b.firstSequenceNr() + " to "
                        + b.lastSequenceNr() + " do not follow log end " + offset;
            }
            offset = last + 1;
            sequenceNr = b.lastSequenceNr();
        }
        return null;
    }

    List<EntryBatch> batches() {
        return batches;
    }

    @Override
    boolean joinsRound() {
        return true;
    }

    @Override
    void stored() {
        complete(null);
    }

    @Override
    void run(LogWriter writer) {
        writer.append(this);
    }

    static long baseOffset(ByteBuffer b) {
        return b.getLong(b.position());
    }

    static int batchEpoch(ByteBuffer b) {
        return b.getInt(b.position() + BatchHeader.LEADER_EPOCH_POSITION);
    }

    static int lastOffsetDelta(ByteBuffer b) {
        return b.getInt(b.position() + 23);
    }

    static long maxTimestamp(ByteBuffer b) {
        return b.getLong(b.position() + 35);
    }
}
