package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** Reads all partitions of a topic from their start, on a thread of its own, while faults happen, and remembers what it was given. */
final class LoadConsumer implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    /** A poll ends after its time-out; more than this is a hanging client. */
    private static final Duration POLL_LIMIT = Duration.ofSeconds(5);
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(30);

    private final List<TopicPartition> partitions;
    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::run, "load-consumer");
    private volatile boolean running = true;

    // guarded by this
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private Throwable failure;

    LoadConsumer(String bootstrap, String topic, int partitionCount) {
        partitions = IntStream.range(0, partitionCount).mapToObj(p -> new TopicPartition(topic, p)).toList();
        consumer = JavaClients.consumer(bootstrap, "request.timeout.ms", "5000", "reconnect.backoff.max.ms", "200",
                "retry.backoff.max.ms", "200", "auto.offset.reset", "none");
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, 0));
        thread.start();
    }

    private void run() {
        try (consumer) {
            while (running) {
                long began = System.nanoTime();
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).as("time of a poll").isLessThan(POLL_LIMIT);
                synchronized (this) {
                    polled.forEach(records::add);
                }
            }
        } catch (RuntimeException | AssertionError e) {
            synchronized (this) {
                failure = e;
            }
        }
    }

    /**
     * Waits until everything up to the given offsets was read, and stops.
     *
     * @param ends by partition, the offset after the last record
     * @return what was read, in the order of each partition
     */
    List<ConsumerRecord<byte[], byte[]>> readUpTo(Map<TopicPartition, Long> ends) throws InterruptedException {
        Awaitility.await("the consumer has read all").atMost(CATCH_UP_LIMIT).pollInterval(Duration.ofMillis(50))
                .until(() -> positions().equals(ends));
        running = false;
        thread.join();
        return records();
    }

    private synchronized List<ConsumerRecord<byte[], byte[]>> records() {
        assertThat(failure).as("what ended the consumer").isNull();
        return List.copyOf(records);
    }

    private Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        records().forEach(record -> positions.put(new TopicPartition(record.topic(), record.partition()),
                record.offset() + 1));
        return positions;
    }

    /** Its thread ends with the poll that is under way. */
    @Override
    public void close() {
        running = false;
    }
}
