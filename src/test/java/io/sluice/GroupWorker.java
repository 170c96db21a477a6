package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** A member of a group of either protocol, on a thread of its own, that commits all the time, and tells a {@link GroupLedger} what it has and does. */
final class GroupWorker implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LAST_COMMIT_LIMIT = Duration.ofSeconds(1);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(30);

    private final String name;
    private final GroupLedger ledger;
    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::run, "group-worker");
    private volatile boolean running = true;

    // of the thread alone
    private final Map<TopicPartition, Long> read = new HashMap<>();
    /** Partitions of which no record was read since they were assigned, with where the group was then. */
    private final Map<TopicPartition, Long> fresh = new HashMap<>();

    /**
     * Joins.
     *
     * @param protocol "classic" or "consumer"
     * @param keysAndValues settings beside the stock ones, a key and its value in turn
     */
    GroupWorker(GroupLedger ledger, String name, String bootstrap, String group, String topic, String protocol,
            String... keysAndValues) {
        this.name = name;
        this.ledger = ledger;
        Stream<String> common = Stream.of("group.id", group, "group.protocol", protocol, "client.id", name,
                "request.timeout.ms", "5000", "reconnect.backoff.max.ms", "200", "retry.backoff.max.ms", "200");
        Stream<String> classic = protocol.equals("classic")
                ? Stream.of("session.timeout.ms", "10000", "heartbeat.interval.ms", "200")
                : Stream.of();
        consumer = JavaClients.consumer(bootstrap,
                Stream.of(common, classic, Stream.of(keysAndValues)).flatMap(s -> s).toArray(String[]::new));
        consumer.subscribe(List.of(topic), new Ownership());
        thread.start();
    }

    private void run() {
        try (consumer) {
            while (running) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                polled.forEach(this::read);
                if (!polled.isEmpty()) {
                    Map<TopicPartition, Long> offsets = Map.copyOf(read);
                    ledger.asked(offsets);
                    consumer.commitAsync(toCommit(offsets), (acknowledged, failure) -> {
                        if (failure == null) {
                            ledger.committed(offsets);
                        }
                    });
                }
            }
        } catch (RuntimeException e) {
            ledger.fault(name + " ended: " + e);
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Long floor = fresh.remove(partition);
        if (floor != null) {
            ledger.resumed(name, partition, record.offset(), floor);
        } else if (record.offset() != read.get(partition)) {
            ledger.fault(name + " was at " + read.get(partition) + " of " + partition + " and reads "
                    + record.offset());
        }
        read.put(partition, record.offset() + 1);
        ledger.read(new String(record.value(), UTF_8));
    }

    private static Map<TopicPartition, OffsetAndMetadata> toCommit(Map<TopicPartition, Long> offsets) {
        return offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> new OffsetAndMetadata(e.getValue())));
    }

    /** Commits what it is about to give up, as far as the coordinator lets it. */
    private final class Ownership implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> fresh.put(partition, ledger.assigned(name, partition)));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> offsets = new HashMap<>(read);
            offsets.keySet().retainAll(partitions);
            if (!offsets.isEmpty()) {
                ledger.asked(offsets);
                try {
                    consumer.commitSync(toCommit(offsets), LAST_COMMIT_LIMIT);
                    ledger.committed(offsets);
                } catch (KafkaException e) {
                    // fenced, or nobody is there: who has them next begins at an earlier commit
                }
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> {
                read.remove(partition);
                fresh.remove(partition);
                ledger.released(name, partition);
            });
        }
    }

    /** Leaves, without waiting until it has left. */
    void leave() {
        running = false;
    }

    /** Commits what it has read and leaves the group. */
    @Override
    public void close() {
        leave();
        Awaitility.await(name + " leaves").atMost(LEAVE_LIMIT).until(() -> !thread.isAlive());
    }
}
