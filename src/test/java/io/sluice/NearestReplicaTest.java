package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** KIP-392 on three nodes in three racks. */
class NearestReplicaTest {

    private static final String TOPIC = "near";
    private static final int RECORDS = 300;
    private static final int SIZE = 2000;

    @TempDir
    Path home;

    @Test
    void shouldServeAConsumerFromTheReplicaInItsRack() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.create("NearestReplicaTest", home, 1,
                Map.of("broker.rack", "a"))) {
            NodeProcess leader = cluster.node(0);
            cluster.add(Map.of("broker.rack", "b"));
            NodeProcess near = cluster.add(Map.of("broker.rack", "c"));
            cluster.start(0, 1, 2);
            ClusterProcesses.awaitNodes(leader, 3, Duration.ofSeconds(20));
            try (Admin admin = ClusterProcesses.admin(leader)) {
                int other = 3 - leader.id() - near.id();
                JavaClients.get(admin.createTopics(List.of(new NewTopic(TOPIC,
                        Map.of(0, List.of(leader.id(), near.id(), other))))).all());
            }
            produce(leader);
            awaitInSync(leader);
            try (Consumer<byte[], byte[]> consumer = JavaClients.consumer(leader.bootstrap(), "client.rack", "c",
                    "auto.offset.reset", "earliest")) {
                TopicPartition partition = new TopicPartition(TOPIC, 0);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
                Awaitility.await("all records").atMost(Duration.ofSeconds(20)).until(() -> {
                    consumer.poll(Duration.ofMillis(200)).forEach(read::add);
                    return read.size() >= RECORDS;
                });
                assertThat(read).hasSize(RECORDS);
                assertThat(bytesFrom(consumer, near)).as("bytes from the replica in the rack")
                        .isGreaterThan(RECORDS * SIZE);
                assertThat(bytesFrom(consumer, leader)).as("bytes from the leader").isLessThan(RECORDS * SIZE);
            }
            cluster.assertNoUnexpectedError();
        }
    }

    /** Only to replicas that are in sync are consumers sent. */
    private static void awaitInSync(NodeProcess node) {
        try (Admin admin = ClusterProcesses.admin(node)) {
            Awaitility.await("all replicas are in sync").atMost(Duration.ofSeconds(20))
                    .until(() -> JavaClients.get(admin.describeTopics(List.of(TOPIC)).allTopicNames()).get(TOPIC)
                            .partitions().get(0).isr().size() == 3);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the flush waits for all
    private static void produce(NodeProcess node) {
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap(), "acks", "all")) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(TOPIC, new byte[SIZE]));
            }
            producer.flush();
        }
    }

    private static double bytesFrom(Consumer<?, ?> consumer, NodeProcess node) {
        return consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("incoming-byte-total")
                        && metric.getKey().tags().getOrDefault("node-id", "").equals("node-" + node.id()))
                .mapToDouble(metric -> (Double) metric.getValue().metricValue()).sum();
    }
}
