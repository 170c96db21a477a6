package io.sluice.streams.javadsl;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.apache.kafka.common.utils.Utils;

/**
 * Whole batches as they are in a log. Their records are decompressed and deserialised one by one as the stream takes them, on its thread: a small batch
 * may hold records that are large then. Control batches are left out.
 */
final class LogRecords<K, V> implements FedRecords<K, V> {

    private final TopicPartition partition;
    private final RecordDeserializer<K, V> deserializer;
    private final BufferSupplier buffers;
    private final Iterator<MutableRecordBatch> batches;
    private final long from;
    private final Consumer<ByteBuffer> done;
    private ByteBuffer bytes;
    private CloseableIterator<Record> records;
    private TimestampType timestampType;
    private Optional<Integer> leaderEpoch;
    private Record next;

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
        this.done = done;
        this.batches = MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator();
        this.from = from;
        this.deserializer = deserializer;
        this.buffers = buffers;
    }

    @Override
    public boolean hasNext() {
        while (next == null) {
            if (records != null && records.hasNext()) {
                Record record = records.next();
                next = record.offset() >= from ? record : null;
            } else if (!nextBatch()) {
                return false;
            }
        }
        return true;
    }

    private boolean nextBatch() {
        closeBatch();
        if (bytes == null || !batches.hasNext()) {
            return false;
        }
        MutableRecordBatch batch = batches.next();
        if (!batch.isControlBatch() && batch.lastOffset() >= from) {
            records = batch.streamingIterator(buffers);
            timestampType = batch.timestampType();
            leaderEpoch = batch.partitionLeaderEpoch() == RecordBatch.NO_PARTITION_LEADER_EPOCH
                    ? Optional.empty()
                    : Optional.of(batch.partitionLeaderEpoch());
        }
        return true;
    }

    @Override
    public ConsumerRecord<K, V> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Record record = next;
        next = null;
        RecordHeaders headers = headers(record);
        byte[] key = Utils.toNullableArray(record.key()); // copies: what is made of it may keep it
        byte[] value = Utils.toNullableArray(record.value());
        return new ConsumerRecord<>(partition.topic(), partition.partition(), record.offset(), record.timestamp(),
                timestampType, key == null ? ConsumerRecord.NULL_SIZE : key.length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                deserializer.key(partition, record, timestampType, headers, key),
                deserializer.value(partition, record, timestampType, headers, value), headers, leaderEpoch);
    }

    /** Headers, decoded: those of a record are views of the bytes until somebody asks for them. */
    private static RecordHeaders headers(Record record) {
        Header[] headers = record.headers();
        for (Header header : headers) {
            header.key();
            header.value();
        }
        return new RecordHeaders(headers);
    }

    @Override
    public void close() {
        closeBatch();
        next = null;
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
