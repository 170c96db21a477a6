package io.sluice.streams.javadsl;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordDeserializationException.DeserializationExceptionOrigin;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Makes records of what is stored as the client does, which fails with {@link RecordDeserializationException} (KIP-334).
 *
 * @param keys as given in the settings
 * @param values as given in the settings
 */
record RecordDeserializer<K, V>(Deserializer<K> keys, Deserializer<V> values) {

    /** The record that a cursor is at. */
    ConsumerRecord<K, V> record(TopicPartition partition, RecordCursor record, TimestampType type,
            Optional<Integer> leaderEpoch) {
        Headers headers = record.headers();
        byte[] keyBytes = record.key();
        byte[] valueBytes = record.value();
        K key;
        V value;
        DeserializationExceptionOrigin origin = DeserializationExceptionOrigin.KEY;
        try {
            key = deserialize(keys, partition, headers, keyBytes);
            origin = DeserializationExceptionOrigin.VALUE;
            value = deserialize(values, partition, headers, valueBytes);
        } catch (RuntimeException e) {
            throw new RecordDeserializationException(origin, partition, record.offset(), record.timestamp(), type,
                    buffer(keyBytes), buffer(valueBytes), headers, "the " + origin.name().toLowerCase(Locale.ROOT)
                            + " of the record at offset " + record.offset() + " of " + partition
                            + " cannot be deserialised; to go on without it, seek past it",
                    e);
        }
        return new ConsumerRecord<>(partition.topic(), partition.partition(), record.offset(), record.timestamp(), type,
                size(keyBytes), size(valueBytes), key, value, headers, leaderEpoch);
    }

    private static <T> T deserialize(Deserializer<T> deserializer, TopicPartition partition, Headers headers,
            byte[] bytes) {
        return bytes == null ? null : deserializer.deserialize(partition.topic(), headers, bytes);
    }

    private static int size(byte[] bytes) {
        return bytes == null ? ConsumerRecord.NULL_SIZE : bytes.length;
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
