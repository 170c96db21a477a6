package io.sluice;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.awaitility.Awaitility;

/** A member of a group of the consumer protocol, on a thread of its own: reads, remembers the values, and commits. */
final class GroupMember implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::run, "group-member");
    private volatile boolean running = true;

    // guarded by this
    private final Set<String> values = new HashSet<>();
    private RuntimeException failure;

    /** @param subscribe is given the client, to subscribe it */
    GroupMember(String bootstrap, String group,
            java.util.function.Consumer<Consumer<byte[], byte[]>> subscribe) {
        consumer = JavaClients.consumer(bootstrap, "group.protocol", "consumer", "group.id", group,
                "reconnect.backoff.max.ms", "200", "retry.backoff.max.ms", "200");
        subscribe.accept(consumer);
        thread.start();
    }

    private void run() {
        try (consumer) {
            while (running) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                synchronized (this) {
                    for (ConsumerRecord<byte[], byte[]> record : polled) {
                        values.add(new String(record.value(), StandardCharsets.UTF_8));
                    }
                }
                if (!polled.isEmpty()) {
                    consumer.commitAsync();
                }
            }
            consumer.commitSync();
        } catch (RuntimeException e) {
            synchronized (this) {
                failure = e;
            }
        }
    }

    /** The values it has read; whatever ended it is thrown. */
    synchronized Set<String> values() {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return Set.copyOf(values);
    }

    /** Commits what it has read and leaves the group. */
    @Override
    public void close() {
        running = false;
        Awaitility.await("the member leaves").atMost(Duration.ofSeconds(20)).until(() -> !thread.isAlive());
    }
}
