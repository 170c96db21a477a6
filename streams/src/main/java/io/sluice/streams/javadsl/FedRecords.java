package io.sluice.streams.javadsl;

import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records of one partition, in their order, on their way to a stream. Used by one thread at a time, which closes them unless it has taken all. */
interface FedRecords<K, V> extends AutoCloseable {

    /** The next record; null if there is none left. */
    ConsumerRecord<K, V> next();

    @Override
    void close();

    /** Records that are there already. */
    static <K, V> FedRecords<K, V> of(List<ConsumerRecord<K, V>> list) {
        Iterator<ConsumerRecord<K, V>> records = list.iterator();
        return new FedRecords<>() {
            @Override
            public ConsumerRecord<K, V> next() {
                return records.hasNext() ? records.next() : null;
            }

            @Override
            public void close() {
                // holds nothing that must be given back
            }
        };
    }
}
