package io.sluice.persistence.log;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * A batch without records that stands for neighbouring batches which compaction has removed. It covers their offsets, so that the batches of a log follow one
 * another without a gap whatever was removed, and says which sequence number the last of them had, so that those behind it keep theirs. Consumers know empty
 * batches from Kafka and go on behind them.
 *
 * <p>In the head, the base timestamp, which means nothing without records, holds that sequence number; there is no producer and no timestamp.
 */
public final class Filler {

    private Filler() {
    }

    /**
     * A filler, in a buffer of its own.
     *
     * @param baseOffset the first offset it covers
     * @param nextOffset the offset that follows it; at most 2³¹ more
     * @param leaderEpoch epoch of the batches it stands for
     * @param lastSequenceNr sequence number of the last of them
     */
    static ByteBuffer of(long baseOffset, long nextOffset, int leaderEpoch, long lastSequenceNr) {
        ByteBuffer filler = ByteBuffer.allocate(BatchHeader.BYTES);
        DefaultRecordBatch.writeHeader(filler, baseOffset, Math.toIntExact(nextOffset - baseOffset - 1),
                BatchHeader.BYTES, BatchHeader.MAGIC, CompressionType.NONE, TimestampType.CREATE_TIME, lastSequenceNr,
                RecordBatch.NO_TIMESTAMP, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE, false, false, false, leaderEpoch, 0);
        return filler.clear();
    }

    /**
     * The part of a filler from an offset within it on, for a log that ends there: it has some of the batches that were removed elsewhere.
     *
     * @param filler a head for which {@link BatchHeader#isFiller} is true
     */
    public static ByteBuffer from(long offset, BatchHeader filler) {
        return of(offset, filler.nextOffset(), filler.leaderEpoch(), filler.baseTimestamp());
    }
}
