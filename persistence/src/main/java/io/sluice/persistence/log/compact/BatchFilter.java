package io.sluice.persistence.log.compact;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetentionResult;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Takes the records out of batches that later ones with the same key replace, and tombstones whose time is over. What stays keeps its offset; a batch
 * keeps its first and last offset, leader epoch, compression and producer fields. For one thread.
 */
public final class BatchFilter {
    private final OffsetMap offsets;
    private final ProducerBatches producers;
    private final CompactionPolicy policy;
    private final long nowMs;
    private final RecordFilter filter;
    private final BufferSupplier decompression = BufferSupplier.create();
    private ByteBuffer output = ByteBuffer.allocate(0);

    /**
     * @param offsets the last offset of each key that has new records
     * @param nowMs the clock, ms since the epoch
     */
    public BatchFilter(OffsetMap offsets, ProducerBatches producers, CompactionPolicy policy, long nowMs) {
        this.offsets = offsets;
        this.producers = producers;
        this.policy = policy;
        this.nowMs = nowMs;
        this.filter = new RecordFilter(nowMs, policy.deleteRetentionMs()) {
            @Override
            protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
                return new BatchRetentionResult(
                        keepsHead(batch) ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY, false);
            }

            @Override
            protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
                return batch.isControlBatch() || isKept(batch, record);
            }
        };
    }

    /**
     * What stays of a batch: whole, fewer records, its head alone, or nothing.
     *
     * @param batch one whole, intact batch
     * @return valid until the next call; empty if nothing stays
     */
    public ByteBuffer filter(ByteBuffer batch) {
        if (output.capacity() < batch.remaining()) {
            output = ByteBuffer.allocate(batch.remaining() * 2);
        }
        output.clear();
        ByteBuffer kept = MemoryRecords.readableRecords(batch).filterTo(filter, output, decompression).outputBuffer();
        return kept.flip();
    }

    private boolean keepsHead(RecordBatch batch) {
        boolean expired = batch.maxTimestamp() >= 0 && nowMs - batch.maxTimestamp() >= policy.producerExpirationMs();
        return !expired && producers.isLast(batch.producerId(), batch.lastOffset());
    }

    /** A record without key was written before the topic was compacted: nothing can replace it, so it goes, as in Kafka. */
    private boolean isKept(RecordBatch batch, Record record) {
        if (!record.hasKey() || offsets.get(record.key()) > record.offset()) {
            return false;
        }
        return record.hasValue() || batch.deleteHorizonMs().isEmpty() || nowMs < batch.deleteHorizonMs().getAsLong();
    }
}
