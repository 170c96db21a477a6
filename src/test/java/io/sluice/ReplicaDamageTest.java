package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.BatchHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of one node of three are damaged or gone while it is down: nothing acknowledged is lost, and nothing damaged is served. */
class ReplicaDamageTest {

    private static final int NODES = 3;
    private static final int VICTIM = 2;
    private static final int TORN_ROUNDS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** More than a producer may have on its way. */
    private static final int SOME = 500;

    private static final String TOPIC = "damaged";
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 2500;
    private static final int VALUE_BYTES = 1000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @TempDir
    Path home;

    @BeforeEach
    void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "the files are Sluice's own");
    }

    private ClusterProcesses start(String name) {
        ClusterProcesses cluster = ClusterProcesses.create("ReplicaDamageTest-" + name, home, NODES, Map.of());
        return cluster.form();
    }

    /** The end of a file is cut, or followed by what is no batch: a write that did not come to its end, or a disk that lied about it. */
    @Test
    @EnabledIfSystemProperty(named = "sluice.long", matches = "true")
    void shouldBringBackATornTailFromTheOthers() throws Exception {
        try (ClusterProcesses cluster = start("torn")) {
            Fault.underLoad(cluster, "torn tails, seed " + seed, TORN_ROUNDS, (nodes, load, round) -> {
                NodeProcess victim = nodes.node(VICTIM);
                victim.kill();
                load.awaitProgress(SOME, "without the node, " + round);
                for (int partition = 0; partition < ReplicatedLoad.PARTITIONS; partition++) {
                    tear(newest(segments(victim, new TopicPartition(ReplicatedLoad.TOPIC, partition))));
                }
                int seen = victim.log().size();
                victim.start();
                load.awaitRecovery(LIMIT, round);
                assertThat(victim.log().linesAfter(seen)).anyMatch(line -> line.contains("cut a torn tail"));
                ClusterProcesses.awaitNodes(victim, NODES, LIMIT);
            });
        }
    }

    private void tear(Path segment) {
        try {
            tearAtLastBatch(segment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tearAtLastBatch(Path segment) throws IOException {
        long last = lastBatch(segment);
        if (random.nextBoolean()) {
            try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                file.setLength(last + 1 + random.nextLong(file.length() - last - 1));
            }
        } else {
            byte[] garbage = new byte[1 + random.nextInt(5000)];
            random.nextBytes(garbage);
            Files.write(segment, garbage, StandardOpenOption.APPEND);
        }
    }

    static List<Boolean> stops() {
        return Boolean.getBoolean("sluice.long") ? List.of(true, false) : List.of(false);
    }

    /** Each partition has a flipped bit in its first segment and in its last one. */
    @ParameterizedTest
    @MethodSource("stops")
    void shouldMendFlippedBitsFromTheOthers(boolean cleanStop) throws Exception {
        try (ClusterProcesses cluster = start("flipped-" + cleanStop);
                Admin admin = ClusterProcesses.admin(cluster.node(0), cluster.node(VICTIM))) {
            NodeProcess victim = cluster.node(VICTIM);
            int first = cluster.node(0).id();
            int second = cluster.node(1).id();
            int ledByVictim = 0;
            int inherited = 1;
            JavaClients.get(admin.createTopics(List.of(new NewTopic(TOPIC,
                    Map.of(ledByVictim, List.of(victim.id(), first, second), inherited,
                            List.of(second, victim.id(), first), 2, List.of(first, second, victim.id())))
                    .configs(Map.of("segment.bytes", "1048576")))).all());
            produce(cluster);
            if (cleanStop) {
                victim.stop();
            } else {
                victim.kill();
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                List<Path> segments = segments(victim, new TopicPartition(TOPIC, partition));
                assertThat(segments).hasSizeGreaterThanOrEqualTo(3);
                flipBit(segments.get(0));
                flipBit(newest(segments));
            }
            victim.log().expect("damaged");
            victim.start();

            awaitLeader(admin, ledByVictim, victim.id());
            assertReadsAll(victim, ledByVictim);
            cluster.node(1).stop();
            awaitLeader(admin, inherited, victim.id());
            assertReadsAll(victim, inherited);
            ReplicaCopies.awaitIdentical(List.of(cluster.node(0), victim),
                    Map.of(new TopicPartition(TOPIC, ledByVictim), (long) RECORDS,
                            new TopicPartition(TOPIC, inherited), (long) RECORDS));
            cluster.assertNoUnexpectedError();
        }
    }

    private static void produce(ClusterProcesses cluster) throws Exception {
        try (Producer<byte[], byte[]> producer = JavaClients.producer(cluster.node(0).bootstrap(), "batch.size",
                "10500", "linger.ms", "5")) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int number = 0; number < RECORDS; number++) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    sent.add(
                            producer.send(new ProducerRecord<>(TOPIC, partition, null, value(number).getBytes(UTF_8))));
                }
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private static String value(int number) {
        String head = "record " + number + " ";
        return head + "x".repeat(VALUE_BYTES - head.length());
    }

    private static void assertReadsAll(NodeProcess node, int partition) {
        List<ConsumerRecord<byte[], byte[]>> records = JavaClients.read(node.bootstrap(),
                List.of(new TopicPartition(TOPIC, partition)));
        assertThat(records.stream().map(record -> new String(record.value(), UTF_8)))
                .isEqualTo(IntStream.range(0, RECORDS).mapToObj(ReplicaDamageTest::value).toList());
    }

    private static void awaitLeader(Admin admin, int partition, int node) {
        Awaitility.await("partition " + partition + " led by node " + node).atMost(LIMIT)
                .until(() -> leader(admin, partition) == node);
    }

    private static int leader(Admin admin, int partition) {
        Node leader = JavaClients.get(admin.describeTopics(List.of(TOPIC)).allTopicNames()).get(TOPIC).partitions()
                .get(partition).leader();
        return leader == null ? -1 : leader.id();
    }

    /** Its node comes back as another one, and the records stay on the other two. */
    @Test
    @EnabledIfSystemProperty(named = "sluice.long", matches = "true")
    void shouldStayUpWhenADataDirectoryIsWiped() throws Exception {
        try (ClusterProcesses cluster = start("wiped"); ReplicatedLoad load = new ReplicatedLoad(cluster)) {
            NodeProcess victim = cluster.node(VICTIM);
            int before = victim.id();
            load.awaitProgress(SOME, "before");
            victim.kill();
            wipe(victim.data());
            load.awaitProgress(SOME, "without the node");
            victim.start();
            assertThat(ClusterProcesses.awaitNodes(cluster.node(0), NODES, LIMIT).nodes()).contains(victim.id())
                    .doesNotContain(before);
            load.awaitProgress(SOME, "with a new node in its place");
            load.finishAndVerifyRecords();
            cluster.assertNoUnexpectedError();
        }
    }

    private static void wipe(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<Path> segments(NodeProcess node, TopicPartition partition) {
        try {
            return ReplicaCopies.segments(node, partition);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path newest(List<Path> segments) {
        return segments.get(segments.size() - 1);
    }

    private static long lastBatch(Path segment) throws IOException {
        ByteBuffer batches = ByteBuffer.wrap(Files.readAllBytes(segment));
        int last = 0;
        for (int at = 0; at < batches.limit(); at += BatchHeader.sizeInBytes(batches, at)) {
            last = at;
        }
        return last;
    }

    /** Flips a bit of the records of a batch that is neither the first nor the last one. */
    private void flipBit(Path segment) throws IOException {
        ByteBuffer batches = ByteBuffer.wrap(Files.readAllBytes(segment));
        int second = BatchHeader.sizeInBytes(batches, 0);
        int at = second + BatchHeader.BYTES
                + random.nextInt(BatchHeader.sizeInBytes(batches, second) - BatchHeader.BYTES);
        assertThat(second + BatchHeader.sizeInBytes(batches, second)).as("the batch has one behind it")
                .isLessThan(batches.limit());
        batches.put(at, (byte) (batches.get(at) ^ (1 << random.nextInt(Byte.SIZE))));
        Files.write(segment, batches.array());
    }
}
