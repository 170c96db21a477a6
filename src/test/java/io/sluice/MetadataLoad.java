package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.awaitility.Awaitility;

/**
 * Creates topics one after another, and more partitions of them, on a thread of its own, while faults happen, and remembers what was acknowledged. No call
 * may take longer than its own time-out. Nothing is deleted: of what an attempt does that arrives after the deletion, nobody could say whether it is wrong.
 */
final class MetadataLoad implements AutoCloseable {

    private static final String PREFIX = "metadata-";
    /** As many as there are nodes, whatever fails. */
    private static final short REPLICAS = 1;
    private static final int CALL_TIMEOUT_MS = 10_000;
    /** A call that ends after this is a hanging client. */
    private static final Duration CALL_LIMIT = Duration.ofMillis(CALL_TIMEOUT_MS).plusSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PROGRESS_LIMIT = Duration.ofSeconds(60);

    private final Admin admin;
    private final Thread thread = new Thread(this::run, "load-metadata");
    private volatile boolean running = true;

    // guarded by this
    private final Map<String, Integer> partitions = new HashMap<>();
    private int acknowledged;
    private Throwable failure;

    MetadataLoad(String bootstrap) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", CALL_TIMEOUT_MS,
                "request.timeout.ms", CALL_TIMEOUT_MS / 2, "reconnect.backoff.max.ms", "200"));
        thread.start();
    }

    private void run() {
        try {
            for (int number = 0; running; number++) {
                String topic = PREFIX + number;
                if (succeeds(admin.createTopics(List.of(new NewTopic(topic, 1, REPLICAS))).all(), topic)) {
                    acknowledge(topic, 1);
                }
                if (succeeds(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all(), topic)) {
                    acknowledge(topic, 2);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError e) {
            synchronized (this) {
                failure = e;
            }
        }
    }

    private synchronized void acknowledge(String topic, int count) {
        partitions.put(topic, count);
        acknowledged++;
    }

    /** Whether a call was acknowledged; if not, nobody knows what it did. */
    private static boolean succeeds(KafkaFuture<Void> call, String topic) throws InterruptedException {
        try {
            call.get(CALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            throw new AssertionError("a call about " + topic + " hangs", e);
        } catch (ExecutionException e) {
            // the others: an attempt got through and its answer did not, or the creation before did not
            assertThat(e.getCause()).as("what a call about %s fails with", topic).isInstanceOfAny(
                    RetriableException.class, TopicExistsException.class, InvalidPartitionsException.class);
            return false;
        }
    }

    /** Waits until some more changes are acknowledged. */
    void awaitProgress(String description) {
        int before = acknowledgedCount();
        Awaitility.await(description).atMost(PROGRESS_LIMIT).pollInterval(Duration.ofMillis(10))
                .until(() -> acknowledgedCount() > before + 1);
    }

    private synchronized int acknowledgedCount() {
        assertThat(failure).as("what ended the changes").isNull();
        return acknowledged;
    }

    /** Ends it and checks that topics are there or not as it was told. */
    void finishAndVerify() throws InterruptedException {
        running = false;
        thread.join();
        acknowledgedCount();
        Map<String, TopicDescription> found = JavaClients
                .get(admin.describeTopics(partitions.keySet()).allTopicNames());
        partitions.forEach((topic, count) -> assertThat(found.get(topic).partitions())
                .as("partitions of %s that were acknowledged", topic).hasSizeGreaterThanOrEqualTo(count));
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
        admin.close(Duration.ofSeconds(1));
    }
}
