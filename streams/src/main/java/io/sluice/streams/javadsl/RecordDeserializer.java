package io.sluice.streams.javadsl;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordDeserializationException.DeserializationExceptionOrigin;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Deserialises keys and values as the client does, which fails with {@link RecordDeserializationException} (KIP-334).
 *
 * @param keys as given in the settings
 * @param values as given in the settings
 */
record RecordDeserializer<K, V>(Deserializer<K> keys, Deserializer<V> values) {

    K key(TopicPartition partition, Record record, TimestampType type, Headers headers, byte[] bytes) {
        try {
            return bytes == null ? null : keys.deserialize(partition.topic(), headers, bytes);
        } catch (RuntimeException e) {
            throw failure(DeserializationExceptionOrigin.KEY, partition, record, type, headers, e);
        }
    }

    V value(TopicPartition partition, Record record, TimestampType type, Headers headers, byte[] bytes) {
        try {
            return bytes == null ? null : values.deserialize(partition.topic(), headers, bytes);
        } catch (RuntimeException e) {
            throw failure(DeserializationExceptionOrigin.VALUE, partition, record, type, headers, e);
        }
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return bytes == null ? null : ByteBuffer.wrap(Utils.toArray(bytes));
    }

    private static RecordDeserializationException failure(DeserializationExceptionOrigin origin,
            TopicPartition partition, Record record, TimestampType type, Headers headers, RuntimeException cause) {
        return new RecordDeserializationException(origin, partition, record.offset(), record.timestamp(), type,
                copy(record.key()), copy(record.value()), headers, "the " + origin.name().toLowerCase(Locale.ROOT)
                        + " of the record at offset " + record.offset() + " of " + partition
                        + " cannot be deserialised; to go on without it, seek past it",
                cause);
    }
}
