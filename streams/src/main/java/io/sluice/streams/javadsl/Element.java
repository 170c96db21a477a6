package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableOffset;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a source emits for a record. */
@FunctionalInterface
interface Element<K, V, E> {

    E of(OwnedPartition partition, ConsumerRecord<K, V> record);

    /** The record alone. */
    static <K, V> Element<K, V, ConsumerRecord<K, V>> plain() {
        return (partition, record) -> record;
    }

    /** The record with the offset to commit. */
    static <K, V> Element<K, V, CommittableMessage<K, V>> committable() {
        return (partition, record) -> new CommittableMessage<>(record,
                new CommittableOffset(partition, record.offset()));
    }
}
