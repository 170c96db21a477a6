package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code flush = os}, machines lose their power, and with it what was not flushed. */
class PowerLossTest {
    private static final int NODES = 3;
    private static final int ROUNDS = Boolean.getBoolean("sluice.long") ? 20 : 1;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TOPIC = "lossy";
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 100;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final PowerLoss loss = new PowerLoss(random);

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "the files are Sluice's own");
    }

    private ClusterProcesses start(String name) {
        return ClusterProcesses.create("PowerLossTest-" + name, home, NODES, Map.of("sluice.log.flush", "os")).form();
    }

    @Test
    void shouldLoseNothingWhenAMinorityLosesPower() throws InterruptedException {
        try (ClusterProcesses cluster = start("minority")) {
            Fault.underLoad(cluster, "power lost, seed " + seed, ROUNDS, (nodes, load, round) -> {
                NodeProcess victim = nodes.node(random.nextInt(NODES));
                victim.kill();
                loss.happenTo(victim, partitions(ReplicatedLoad.TOPIC, ReplicatedLoad.PARTITIONS));
                int seen = victim.log().size();
                victim.start();
                assertThat(victim.log().linesAfter(seen)).anyMatch(line -> line.contains(PowerLoss.REPORT));
                load.awaitRecovery(LIMIT, round);
                ClusterProcesses.awaitNodes(victim, NODES, LIMIT);
                awaitInSync(nodes, ReplicatedLoad.TOPIC); // so that the next machine is a minority again
            });
        }
    }

    @Test
    void shouldGoOnWithTheBestThatIsLeftWhenAllLosePower() throws Exception {
        try (ClusterProcesses cluster = start("all"); Admin admin = ClusterProcesses.admin(cluster.node(0))) {
            JavaClients.get(admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS + 1, (short) NODES))).all());
            Map<Integer, List<String>> before = produce(cluster, "before");
            try (Producer<byte[], byte[]> probe = JavaClients.producer(cluster.node(0).bootstrap())) {
                probe(probe);
            }
            IntStream.range(0, NODES).mapToObj(cluster::node).forEach(NodeProcess::killNow);
            for (int i = 0; i < NODES; i++) {
                cluster.node(i).awaitExit();
                loss.happenTo(cluster.node(i), partitions(TOPIC, PARTITIONS + 1));
            }
            cluster.start(2, 0);
            // not idempotent: the client would ask for a producer id first, and expire nothing meanwhile
            try (Producer<byte[], byte[]> probe = JavaClients.producer(cluster.node(0).bootstrap(),
                    "enable.idempotence", "false", "max.block.ms", "3000", "delivery.timeout.ms", "3000",
                    "request.timeout.ms", "2000")) {
                assertThatThrownBy(() -> probe(probe)).as("the third may have what these two have lost")
                        .hasCauseInstanceOf(TimeoutException.class);
            }
            cluster.start(1);
            Map<Integer, List<String>> after = produce(cluster, "after");
            Map<TopicPartition, Long> ends = new HashMap<>();
            Map<Integer, List<String>> found = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : JavaClients.readAll(cluster.node(1).bootstrap(), TOPIC,
                    PARTITIONS)) {
                found.computeIfAbsent(record.partition(), p -> new ArrayList<>())
                        .add(new String(record.value(), UTF_8));
                ends.put(new TopicPartition(TOPIC, record.partition()), record.offset() + 1);
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                List<String> survived = found.get(partition);
                int kept = survived.size() - RECORDS;
                assertThat(survived.subList(0, kept)).as("a begin of what was there, seed %d", seed)
                        .isEqualTo(before.get(partition).subList(0, kept));
                assertThat(survived.subList(kept, survived.size())).isEqualTo(after.get(partition));
            }
            awaitInSync(cluster, TOPIC);
            ReplicaCopies.awaitIdentical(IntStream.range(0, NODES).mapToObj(cluster::node).toList(), ends);
            cluster.assertNoUnexpectedError();
        }
    }

    /** To a partition that nothing else is written to. */
    private static void probe(Producer<byte[], byte[]> producer) throws Exception {
        producer.send(new ProducerRecord<>(TOPIC, PARTITIONS, null, new byte[10])).get(LIMIT.toSeconds(),
                TimeUnit.SECONDS);
    }

    private static Map<Integer, List<String>> produce(ClusterProcesses cluster, String what)
            throws Exception {
        Map<Integer, List<String>> sent = new HashMap<>();
        try (Producer<byte[], byte[]> producer = JavaClients.producer(cluster.node(0).bootstrap(), "acks", "all")) {
            for (int i = 0; i < RECORDS; i++) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    String value = what + " " + i;
                    producer.send(new ProducerRecord<>(TOPIC, partition, null, value.getBytes(UTF_8)))
                            .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                    sent.computeIfAbsent(partition, p -> new ArrayList<>()).add(value);
                }
            }
        }
        return sent;
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p)).toList();
    }

    private static void awaitInSync(ClusterProcesses cluster, String topic) {
        try (Admin admin = ClusterProcesses.admin(cluster.node(0), cluster.node(1), cluster.node(2))) {
            Awaitility.await("all replicas are in sync").atMost(LIMIT).ignoreExceptions()
                    .until(() -> JavaClients.get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic)
                            .partitions().stream().allMatch(p -> p.isr().size() == NODES));
        }
    }
}
