package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The Java clients as the tests use them: stock settings, time limits that let a hanging node fail a test soon. */
final class JavaClients {

    private static final long LIMIT_SECONDS = 30;

    private JavaClients() {
    }

    static Admin admin(String bootstrap) {
        return Admin.create(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", "20000",
                "request.timeout.ms", "10000"));
    }

    /** @param keysAndValues producer settings beside the stock ones, a key and its value in turn */
    static Producer<byte[], byte[]> producer(String bootstrap, String... keysAndValues) {
        return new KafkaProducer<>(settings(bootstrap, keysAndValues), new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A consumer without a group; it starts at the beginning of what it is assigned. */
    static Consumer<byte[], byte[]> consumer(String bootstrap, String... keysAndValues) {
        Map<String, Object> settings = settings(bootstrap, keysAndValues);
        settings.putIfAbsent("auto.offset.reset", "earliest");
        settings.putIfAbsent("enable.auto.commit", "false");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> settings(String bootstrap, String... keysAndValues) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return settings;
    }

    static void createTopic(Admin admin, String name, int partitions, String... configKeysAndValues) {
        Map<String, String> configs = new HashMap<>();
        for (int i = 0; i < configKeysAndValues.length; i += 2) {
            configs.put(configKeysAndValues[i], configKeysAndValues[i + 1]);
        }
        get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) -1).configs(configs))).all());
    }

    /** Everything of a topic, from the start of its partitions up to where they end now. */
    static List<ConsumerRecord<byte[], byte[]>> readAll(String bootstrap, String topic, int partitions) {
        return read(bootstrap, IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList());
    }

    /** Everything from the start of the partitions up to where they end now; in order within each partition. */
    static List<ConsumerRecord<byte[], byte[]>> read(String bootstrap, List<TopicPartition> partitions) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer(bootstrap)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                assertThat(System.nanoTime()).as("time to read %s; read %d records", ends, records.size())
                        .isLessThan(deadline);
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** The value of a future, within the time limit; a failure is thrown as it is. */
    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().toString(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + LIMIT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The error that a future fails with; a success fails the test. */
    static Throwable errorOf(KafkaFuture<?> future) {
        try {
            return new AssertionError("succeeded with " + future.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + LIMIT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
