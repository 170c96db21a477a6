package io.sluice.clusterconfig;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What a client typically does first, once each, so that a node's first client meets classes that are there already. */
final class TrainingLoad {
    private static final int RECORDS = 2000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private TrainingLoad() {
    }

    /** Creates a topic, produces, consumes with and without a group, and deletes it. */
    static void run(HostPort node) {
        Map<String, Object> client = Map.of("bootstrap.servers", node.toString());
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(new NewTopic("training", 2, (short) 1))).all().get();
            produce(node);
            consume(node);
            admin.deleteTopics(List.of("training")).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("the training load failed", e);
        }
    }

    private static void produce(HostPort node) throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", node.toString(), "linger.ms", 1), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                var sent = producer.send(new ProducerRecord<>("training", new byte[]{(byte) i}, new byte[100]));
                if (i % 100 == 0) {
                    sent.get();
                }
            }
        }
    }

    private static void consume(HostPort node) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", node.toString(), "auto.offset.reset", "earliest", "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition("training", 0), new TopicPartition("training", 1)));
            long deadline = System.nanoTime() + LIMIT.toNanos();
            for (int read = 0; read < RECORDS && System.nanoTime() < deadline;) {
                read += consumer.poll(Duration.ofMillis(500)).count();
            }
        }
    }
}
