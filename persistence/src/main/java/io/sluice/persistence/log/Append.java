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

    int leaderEpoch() {
        return leaderEpoch;
    }

    List<EntryBatch> batches() {
        return batches;
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
