package io.sluice.streams.javadsl;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records that the stream has not taken yet: what is left of one poll, and what another brought meanwhile. Those of a partition that is lost are left out:
 * they are somebody else's now.
 */
final class RecordBuffer<K, V, E> {

    private record Part<K, V>(OwnedPartition owned, FedRecords<K, V> records) {}

    private final Element<K, V, E> element;
    private Queue<Part<K, V>> parts = new ArrayDeque<>();
    private Queue<Part<K, V>> ahead = new ArrayDeque<>();
    private Part<K, V> current;

    /** @param element what becomes of a record */
    RecordBuffer(Element<K, V, E> element) {
        this.element = element;
    }

    /** Adds the records of a poll. */
    void add(Map<OwnedPartition, FedRecords<K, V>> records) {
        records.forEach((owned, some) -> ahead.add(new Part<>(owned, some)));
    }

    /** Whether there are records of a poll of which none was taken. */
    boolean hasAhead() {
        return !ahead.isEmpty();
    }

    /** The next element, whose record counts as delivered then; null if there is none. */
    E next() {
        while (current != null || (current = nextPart()) != null) {
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

    private Part<K, V> nextPart() {
        if (parts.isEmpty()) {
            Queue<Part<K, V>> taken = parts;
            parts = ahead;
            ahead = taken;
        }
        return parts.poll();
    }

    /** Drops all. */
    void clear() {
        if (current != null) {
            current.records().close();
            current = null;
        }
        parts.addAll(ahead);
        ahead.clear();
        parts.forEach(part -> part.records().close());
        parts.clear();
    }
}
