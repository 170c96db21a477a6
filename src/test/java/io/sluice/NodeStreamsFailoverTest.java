package io.sluice;

import static io.sluice.NodeApplications.Forward.FROM;
import static io.sluice.NodeApplications.Forward.PROTOCOLS;
import static io.sluice.NodeApplications.Forward.to;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.NodeApplications.Forward;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application in each of three nodes of which one is killed: the others take over its part, from where it had committed. */
class NodeStreamsFailoverTest {

    private static final int PARTITIONS = 6;
    private static final int RECORDS = 1200;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir
    Path home;

    private ClusterProcesses cluster;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "has no applications in it");
    }

    @BeforeEach
    void create() {
        cluster = ClusterProcesses.create("NodeStreamsFailoverTest", home, 3,
                Map.of("group.initial.rebalance.delay.ms", "0", "group.min.session.timeout.ms", "500",
                        "group.consumer.min.session.timeout.ms", "2000", "group.consumer.session.timeout.ms", "2000",
                        "group.consumer.min.heartbeat.interval.ms", "200", "group.consumer.heartbeat.interval.ms",
                        "200",
                        "sluice.balance.settle", "1s", "sluice.streams.directory",
                        NodeApplications.jar(Forward.class, NodeApplications.class),
                        "sluice.streams.applications", Forward.class.getName()));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    /**
     * A record that was forwarded.
     *
     * @param by address of the node that did
     */
    private record Forwarded(int partition, long offset, String by) {

        static Forwarded of(byte[] key, byte[] value) {
            String[] place = new String(key, UTF_8).split(" ", 0);
            return new Forwarded(Integer.parseInt(place[0]), Long.parseLong(place[1]), new String(value, UTF_8));
        }

        List<Long> place() {
            return List.of((long) partition, offset);
        }
    }

    private void send() {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (var producer = JavaClients.producer(survivors(), "linger.ms", "5")) {
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(FROM, i % PARTITIONS, null, null)));
            }
        }
        assertThat(sent).allSatisfy(record -> assertThat(record).succeedsWithin(Duration.ZERO));
    }

    private String survivors() {
        return cluster.node(1).bootstrap() + "," + cluster.node(2).bootstrap();
    }

    /** What was forwarded so far, in the order in which it was. */
    private List<Forwarded> forwarded(String protocol) {
        return JavaClients.readAll(survivors(), to(protocol), 1).stream()
                .map(record -> Forwarded.of(record.key(), record.value())).toList();
    }

    private static Map<Integer, Long> committed(Admin admin, String protocol) {
        Map<Integer, Long> committed = new HashMap<>();
        JavaClients.get(admin.listConsumerGroupOffsets(to(protocol)).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committed.put(partition.partition(), offset.offset()));
        return committed;
    }

    /** How many replicas are in sync in the partition that has the fewest. */
    private static int inSync(Admin admin, String topic) {
        return JavaClients.get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().stream()
                .mapToInt(partition -> partition.isr().size()).min().orElseThrow();
    }

    @Test
    void shouldGoOnInTheOtherNodesWhenOneIsKilled() {
        cluster.form();
        try (Admin admin = ClusterProcesses.admin(cluster.node(1), cluster.node(2))) {
            JavaClients.get(admin.createTopics(Stream.concat(Stream.of(new NewTopic(FROM, PARTITIONS, (short) 3)),
                    PROTOCOLS.stream().map(protocol -> new NewTopic(to(protocol), 1, (short) 3))).toList()).all());
            send();
            String killed = cluster.node(0).bootstrap();
            PROTOCOLS.forEach(protocol -> await().atMost(LIMIT).until(() -> forwarded(protocol).stream()
                    .map(Forwarded::by).distinct().count() == 3));
            send();
            Map<String, Map<Integer, Long>> before = PROTOCOLS.stream()
                    .collect(Collectors.toMap(protocol -> protocol, protocol -> committed(admin, protocol)));
            // the applications had it made before all nodes were there
            await().atMost(LIMIT).until(() -> inSync(admin, Topic.GROUP_METADATA_TOPIC_NAME), each -> each == 3);
            cluster.node(0).killNow();
            send();
            for (String protocol : PROTOCOLS) {
                await().atMost(LIMIT).until(() -> committed(admin, protocol).values().stream().mapToLong(n -> n)
                        .sum() == 3 * RECORDS);
                List<Forwarded> all = forwarded(protocol);
                assertEachInItsPlace(all);
                assertOnlyWhatWasNotCommittedIsRepeated(all, before.get(protocol));
                assertThat(all.stream().filter(record -> record.by().equals(killed)).count()).as(protocol)
                        .isPositive();
            }
        }
    }

    /** All that was sent, and each offset after the one before it, where it comes for the first time. */
    private static void assertEachInItsPlace(List<Forwarded> all) {
        long[] next = new long[PARTITIONS];
        for (Forwarded record : all) {
            assertThat(record.offset()).as("next of partition %d", record.partition())
                    .isLessThanOrEqualTo(next[record.partition()]);
            next[record.partition()] = Math.max(next[record.partition()], record.offset() + 1);
        }
        assertThat(next).containsOnly(3L * RECORDS / PARTITIONS);
    }

    private static void assertOnlyWhatWasNotCommittedIsRepeated(List<Forwarded> all, Map<Integer, Long> committed) {
        Set<List<Long>> seen = new HashSet<>();
        assertThat(all).filteredOn(record -> !seen.add(record.place()))
                .allSatisfy(record -> assertThat(record.offset())
                        .isGreaterThanOrEqualTo(committed.getOrDefault(record.partition(), 0L)));
    }
}
