package io.sluice.streams.javadsl;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The records of one poll that the stream has not taken yet. Those of a partition that is lost meanwhile are left out: they are somebody else's now. */
final class RecordBuffer<K, V, E> {

    private record Part<K, V>(OwnedPartition owned, FedRecords<K, V> records) {}

    private final Element<K, V, E> element;
    private final Queue<Part<K, V>> parts = new ArrayDeque<>();
    private Part<K, V> current;

    /** @param element what becomes of a record */
    RecordBuffer(Element<K, V, E> element) {
        this.element = element;
    }

    void add(Map<OwnedPartition, FedRecords<K, V>> records) {
        records.forEach((owned, some) -> parts.add(new Part<>(owned, some)));
    }

    /** The next element, whose record counts as delivered then; null if there is none. */
    E next() {
        while (current != null || (current = parts.poll()) != null) {
            ConsumerRecord<K, V> record = current.owned().isHeld() ? current.records().next() : null;
            if (record != null) {
                current.owned().delivered(record.offset() + 1);
                return element.of(current.owned(), record);
            }
            current.records().close();
            current = null;
        }
        return null;
    }

    /** Drops all. */
    void clear() {
        if (current != null) {
            current.records().close();
            current = null;
        }
        parts.forEach(part -> part.records().close());
        parts.clear();
    }
}
