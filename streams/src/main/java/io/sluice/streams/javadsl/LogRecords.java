package io.sluice.streams.javadsl;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Whole batches as they are in a log. Their records are decompressed and deserialised one by one as the stream takes them, on its thread. Control batches
 * are left out.
 */
final class LogRecords<K, V> implements FedRecords<K, V> {

    private final TopicPartition partition;
    private final RecordDeserializer<K, V> deserializer;
    private final BufferSupplier buffers;
    private final Iterator<MutableRecordBatch> batches;
    private final StoredRecords uncompressed;
    private final long from;
    private final Consumer<ByteBuffer> done;
    private ByteBuffer bytes;
    private int position;
    private RecordCursor records;
    private TimestampType timestampType;
    private Optional<Integer> leaderEpoch;

    /**
     * @param bytes whole batches
     * @param from offset of the first record wanted
     * @param buffers for decompression, used by nobody else meanwhile
     * @param done told when the bytes are not needed any more
     */
    LogRecords(TopicPartition partition, ByteBuffer bytes, long from, RecordDeserializer<K, V> deserializer,
            BufferSupplier buffers, Consumer<ByteBuffer> done) {
        this.partition = partition;
        this.bytes = bytes;
        this.position = bytes.position();
        this.done = done;
        this.batches = MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator();
        this.uncompressed = new StoredRecords(bytes);
        this.from = from;
        this.deserializer = deserializer;
        this.buffers = buffers;
    }

    @Override
    public ConsumerRecord<K, V> next() {
        while (true) {
            while (records != null && records.advance()) {
                if (records.offset() >= from) {
                    return deserializer.record(partition, records, timestampType, leaderEpoch);
                }
            }
            if (!nextBatch()) {
                return null;
            }
        }
    }

    private boolean nextBatch() {
        closeBatch();
        if (bytes == null || !batches.hasNext()) {
            return false;
        }
        MutableRecordBatch batch = batches.next();
        if (!batch.isControlBatch() && batch.lastOffset() >= from) {
            records = open(batch);
            timestampType = batch.timestampType();
            leaderEpoch = batch.partitionLeaderEpoch() == RecordBatch.NO_PARTITION_LEADER_EPOCH
                    ? Optional.empty()
                    : Optional.of(batch.partitionLeaderEpoch());
        }
        position += batch.sizeInBytes();
        return true;
    }

    private RecordCursor open(MutableRecordBatch batch) {
        if (batch.isCompressed()) {
            return new CompressedRecords(batch, buffers);
        }
        uncompressed.begin(batch, position);
        return uncompressed;
    }

    @Override
    public void close() {
        closeBatch();
        if (bytes != null) {
            ByteBuffer used = bytes;
            bytes = null;
            done.accept(used);
        }
    }

    private void closeBatch() {
        if (records != null) {
            records.close();
            records = null;
        }
    }
}
