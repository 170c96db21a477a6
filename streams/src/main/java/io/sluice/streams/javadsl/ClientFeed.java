package io.sluice.streams.javadsl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Has the client fetch from whatever node leads. Partitions that are not wanted are paused, and a paused partition is not fetched. */
final class ClientFeed<K, V> implements RecordFeed<K, V> {

    private final Consumer<K, V> consumer;
    private final Map<TopicPartition, OwnedPartition> flowing = new HashMap<>();

    ClientFeed(Consumer<K, V> consumer) {
        this.consumer = consumer;
    }

    @Override
    public List<OwnedPartition> want(Collection<OwnedPartition> partitions) {
        List<TopicPartition> resume = new ArrayList<>();
        Set<TopicPartition> pause = new HashSet<>(flowing.keySet());
        for (OwnedPartition wanted : partitions) {
            pause.remove(wanted.partition());
            if (flowing.put(wanted.partition(), wanted) == null) {
                resume.add(wanted.partition());
            }
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
            flowing.keySet().removeAll(pause);
        }
        return List.of();
    }

    @Override
    public Map<OwnedPartition, FedRecords<K, V>> poll(Duration wait) {
        ConsumerRecords<K, V> polled = consumer.poll(wait);
        if (polled.isEmpty()) {
            return Map.of();
        }
        Map<OwnedPartition, FedRecords<K, V>> records = new HashMap<>();
        for (TopicPartition partition : polled.partitions()) {
            records.put(flowing.get(partition), FedRecords.of(polled.records(partition)));
        }
        return records;
    }

    @Override
    public void forget(OwnedPartition partition) {
        flowing.remove(partition.partition(), partition);
    }
}
