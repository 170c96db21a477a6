package io.sluice.streams.javadsl;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A consumer without a node, whose topic {@code t} has some records in each partition; a poll returns at most ten. */
final class FakeConsumer extends MockConsumer<String, String> {

    static final int POLL_RECORDS = 10;

    private final int records;
    final List<Map<TopicPartition, Long>> commits = new CopyOnWriteArrayList<>();

    FakeConsumer(int records) {
        super("earliest");
        this.records = records;
        setMaxPollRecords(POLL_RECORDS);
    }

    static TopicPartition partition(int number) {
        return new TopicPartition("t", number);
    }

    ConsumerSettings<String, String> settings() {
        return ConsumerSettings.create(new StringDeserializer(), new StringDeserializer())
                .withConsumerFactory(settings -> this);
    }

    /** Gives the consumer these partitions of the topic, at its next poll, filled from the offset committed. */
    void assignPartitions(Integer... numbers) {
        Set<TopicPartition> partitions = List.of(numbers).stream().map(FakeConsumer::partition)
                .collect(Collectors.toSet());
        schedulePollTask(() -> {
            Set<TopicPartition> before = assignment();
            Map<TopicPartition, Long> kept = partitions.stream().filter(before::contains)
                    .collect(Collectors.toMap(partition -> partition, this::position));
            rebalance(partitions); // forgets all records
            for (TopicPartition partition : partitions) {
                if (kept.containsKey(partition)) {
                    addRecords(partition, kept.get(partition));
                } else {
                    fill(partition);
                }
            }
        });
    }

    @Override
    public synchronized void assign(Collection<TopicPartition> partitions) {
        super.assign(partitions);
        partitions.forEach(this::fill);
    }

    private void fill(TopicPartition partition) {
        updateBeginningOffsets(Map.of(partition, 0L));
        updateEndOffsets(Map.of(partition, (long) records));
        OffsetAndMetadata from = committed(Set.of(partition)).get(partition);
        long first = from == null ? 0 : from.offset();
        seek(partition, first);
        addRecords(partition, first);
    }

    private void addRecords(TopicPartition partition, long first) {
        for (long offset = first; offset < records; offset++) {
            addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null,
                    partition.partition() + "/" + offset));
        }
    }

    @Override
    public synchronized ConsumerRecords<String, String> poll(Duration timeout) {
        ConsumerRecords<String, String> polled = super.poll(timeout);
        if (polled.isEmpty()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1)); // the superclass does not wait at all
        }
        return polled;
    }

    @Override
    public synchronized void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets,
            OffsetCommitCallback callback) {
        note(offsets);
        super.commitAsync(offsets, callback);
    }

    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        note(offsets);
        super.commitSync(offsets, timeout);
    }

    private void note(Map<TopicPartition, OffsetAndMetadata> offsets) {
        commits.add(offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset())));
    }

    /** The last offset that was committed for a partition; null if none was. */
    Long lastCommit(int number) {
        return commits.stream().map(commit -> commit.get(partition(number))).filter(Objects::nonNull)
                .reduce((first, second) -> second).orElse(null);
    }
}
