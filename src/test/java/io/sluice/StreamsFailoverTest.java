package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.streams.javadsl.Committer;
import io.sluice.streams.javadsl.Consumer;
import io.sluice.streams.javadsl.ConsumerSettings;
import io.sluice.streams.javadsl.Subscriptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream over three nodes of which one is killed goes on by itself, and nothing is lost. */
class StreamsFailoverTest {

    private static final int PARTITIONS = 6;
    private static final int RECORDS = 3000;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir
    Path home;

    private final ActorSystem system = ActorSystem.create("failover");
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
    }

    @AfterEach
    void stop() {
        system.terminate();
        StreamsNode.get(system.getWhenTerminated());
    }

    private void send(Producer<byte[], byte[]> producer, String topic) {
        int from = sent.size();
        for (int i = from; i < from + RECORDS; i++) {
            sent.add(producer
                    .send(new ProducerRecord<>(topic, i % PARTITIONS, null, String.valueOf(i).getBytes(UTF_8))));
        }
        producer.flush();
        assertThat(sent).allSatisfy(record -> assertThat(record).succeedsWithin(Duration.ZERO));
    }

    private Set<String> expected() {
        return IntStream.range(0, sent.size()).mapToObj(String::valueOf).collect(Collectors.toSet());
    }

    @Test
    void shouldGoOnWhenTheNodeUnderItIsKilled() {
        try (ClusterProcesses cluster = ClusterProcesses.create("StreamsFailoverTest", home, 3,
                Map.of("group.initial.rebalance.delay.ms", "0")).form();
                Admin admin = ClusterProcesses.admin(cluster.node(1), cluster.node(2))) {
            String bootstrap = IntStream.range(0, 3).mapToObj(i -> cluster.node(i).bootstrap())
                    .collect(Collectors.joining(","));
            JavaClients.get(admin.createTopics(List.of(new NewTopic("orders", PARTITIONS, (short) 3))).all());
            Queue<ConsumerRecord<String, String>> seen = new ConcurrentLinkedQueue<>();
            var control = Consumer
                    .committableSource(ConsumerSettings.create(new StringDeserializer(), new StringDeserializer())
                            .withBootstrapServers(bootstrap).withGroupId("failover")
                            .withProperty("auto.offset.reset", "earliest"), Subscriptions.topics("orders"))
                    .map(message -> {
                        seen.add(message.record());
                        return message.committableOffset();
                    }).toMat(Committer.sink(StreamsNode.COMMITTER), Consumer::createDrainingControl).run(system);
            try (Producer<byte[], byte[]> producer = JavaClients.producer(bootstrap, "linger.ms", "5")) {
                send(producer, "orders");
                await().atMost(LIMIT).until(() -> seen.size() >= RECORDS / 2);
                cluster.node(0).killNow();
                send(producer, "orders");
            }
            await().atMost(LIMIT).until(() -> values(seen).containsAll(expected()));
            assertThat(control.streamCompletion().toCompletableFuture()).isNotDone();
            assertInOrder(seen);
            StreamsNode.get(control.drainAndShutdown(Runnable::run));
        }
    }

    private static Set<String> values(Queue<ConsumerRecord<String, String>> seen) {
        return seen.stream().map(ConsumerRecord::value).collect(Collectors.toCollection(HashSet::new));
    }

    /** Each offset comes after the one before it, where it comes for the first time. */
    private static void assertInOrder(Queue<ConsumerRecord<String, String>> seen) {
        Map<TopicPartition, Long> next = new HashMap<>();
        for (ConsumerRecord<String, String> record : seen) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            long expected = next.getOrDefault(partition, 0L);
            assertThat(record.offset()).as("next of %s", partition).isLessThanOrEqualTo(expected);
            next.put(partition, Math.max(expected, record.offset() + 1));
        }
    }
}
