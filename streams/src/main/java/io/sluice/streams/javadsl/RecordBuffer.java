package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableOffset;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The records of one poll that the stream has not taken yet. Those of a partition that is lost meanwhile are left out: they are somebody else's now. */
final class RecordBuffer<K, V> {

    private record Part<K, V>(OwnedPartition owned, Iterator<ConsumerRecord<K, V>> records) {}

    private final Queue<Part<K, V>> parts = new ArrayDeque<>();

    void add(Map<OwnedPartition, List<ConsumerRecord<K, V>>> records) {
        records.forEach((owned, list) -> parts.add(new Part<>(owned, list.iterator())));
    }

    /** The next record, which counts as delivered then; null if there is none. */
    CommittableMessage<K, V> next() {
        for (Part<K, V> part = parts.peek(); part != null; part = parts.peek()) {
            if (part.owned().isHeld() && part.records().hasNext()) {
                ConsumerRecord<K, V> record = part.records().next();
                part.owned().delivered(record.offset() + 1);
                return new CommittableMessage<>(record, new CommittableOffset(part.owned(), record.offset()));
            }
            parts.remove();
        }
        return null;
    }
}
