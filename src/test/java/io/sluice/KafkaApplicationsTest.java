package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own applications: the word count of Kafka Streams, and Connect with its connectors for files. Both are stopped and go on where they were. */
class KafkaApplicationsTest {

    private static final String INPUT = "streams-plaintext-input";
    private static final String OUTPUT = "streams-wordcount-output";
    private static final String APPLICATION = "streams-wordcount";
    private static final String STORE = APPLICATION + "-KSTREAM-AGGREGATE-STATE-STORE-0000000003-";
    private static final int PARTITIONS = 2;

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.initial.rebalance.delay.ms", "0",
            "group.min.session.timeout.ms", "1000", "offsets.topic.num.partitions", "3");

    @TempDir
    Path files;

    /** Its state is only in its changelog topic when it comes back: the first one is killed, and its directory is gone. */
    @Test
    void shouldCountWordsAndRestoreTheCounts() throws Exception {
        JavaClients.createTopic(node.admin(), INPUT, PARTITIONS);
        JavaClients.createTopic(node.admin(), OUTPUT, 1, "cleanup.policy", "compact");
        say("all streams lead to kafka", "hello kafka streams", "join kafka summit");
        try (ChildProcess first = wordCount("first")) {
            Map<String, Long> counts = Map.of("all", 1L, "streams", 2L, "lead", 1L, "to", 1L, "kafka", 3L, "hello", 1L,
                    "join", 1L, "summit", 1L);
            await(first).untilAsserted(() -> assertThat(counts()).isEqualTo(counts));
            await(first).untilAsserted(() -> {
                assertThat(committed(INPUT)).isEqualTo(offsets(INPUT, OffsetSpec.latest()));
                assertThat(committed(STORE + "repartition")).isEqualTo(offsets(STORE + "repartition",
                        OffsetSpec.latest()));
            });
            await(first).untilAsserted(() -> assertThat(offsets(STORE + "repartition", OffsetSpec.earliest()))
                    .as("what is counted is deleted from the repartition topic")
                    .isEqualTo(offsets(STORE + "repartition", OffsetSpec.latest())));
            first.kill();
        }
        assertThat(setting(STORE + "changelog", "cleanup.policy")).isEqualTo("compact");
        assertThat(setting(STORE + "repartition", "cleanup.policy")).isEqualTo("delete");
        assertThat(setting(STORE + "repartition", "retention.ms")).isEqualTo("-1");

        say("kafka streams again");
        try (ChildProcess second = wordCount("second")) {
            await(second).untilAsserted(() -> assertThat(counts()).containsEntry("again", 1L)
                    .containsEntry("streams", 3L).containsEntry("kafka", 4L).containsEntry("hello", 1L));
            second.stop();
        }
    }

    private ChildProcess wordCount(String name) throws IOException {
        Path properties = files.resolve(name + ".properties");
        Files.writeString(properties, """
                bootstrap.servers=%s
                state.dir=%s
                commit.interval.ms=100
                repartition.purge.interval.ms=100
                consumer.session.timeout.ms=2000
                consumer.heartbeat.interval.ms=300
                """.formatted(node.bootstrap(), files.resolve(name)));
        return KafkaTools.start("word-count-" + name, "org.apache.kafka.streams.examples.wordcount.WordCountDemo",
                properties.toString());
    }

    private static void say(String... lines) throws InterruptedException, ExecutionException {
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap())) {
            for (int i = 0; i < lines.length; i++) {
                producer.send(new ProducerRecord<>(INPUT, i % PARTITIONS, null, lines[i].getBytes(UTF_8))).get();
            }
        }
    }

    /** The last count of each word. */
    private static Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        JavaClients.readAll(node.bootstrap(), OUTPUT, 1).forEach(record -> counts
                .put(new String(record.key(), UTF_8), ByteBuffer.wrap(record.value()).getLong()));
        return counts;
    }

    private static Map<TopicPartition, Long> committed(String topic) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        JavaClients.get(node.admin().listConsumerGroupOffsets(APPLICATION).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (partition.topic().equals(topic)) {
                        committed.put(partition, offset.offset());
                    }
                });
        return committed;
    }

    /** Of the partitions that have, or have had, records. */
    private static Map<TopicPartition, Long> offsets(String topic, OffsetSpec which) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).forEach(partition -> {
            long offset = JavaClients.get(node.admin().listOffsets(Map.of(partition, which)).partitionResult(partition))
                    .offset();
            if (offset > 0) {
                offsets.put(partition, offset);
            }
        });
        return offsets;
    }

    private static String setting(String topic, String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return JavaClients.get(node.admin().describeConfigs(List.of(resource)).all()).get(resource).get(name).value();
    }

    @Test
    void shouldCopyAFileThroughATopicWithConnect() throws IOException {
        Path source = files.resolve("source.txt");
        Path sink = files.resolve("sink.txt");
        Files.write(source, lines(0, 1000));
        try (ChildProcess first = connect("first", source, sink)) {
            awaitCopy(first, source, sink);
            first.stop();
        }
        Files.write(source, lines(1000, 1500), StandardOpenOption.APPEND);
        try (ChildProcess second = connect("second", source, sink)) {
            awaitCopy(second, source, sink);
            second.stop();
        }
        assertThat(JavaClients.readAll(node.bootstrap(), "connect-lines", 1)).as("no line is sent twice").hasSize(1500);
    }

    private ChildProcess connect(String name, Path source, Path sink) throws IOException {
        Path worker = Files.writeString(files.resolve("worker.properties"), """
                bootstrap.servers=%s
                key.converter=org.apache.kafka.connect.storage.StringConverter
                value.converter=org.apache.kafka.connect.storage.StringConverter
                offset.storage.file.filename=%s
                offset.flush.interval.ms=200
                listeners=http://127.0.0.1:0
                plugin.discovery=service_load
                """.formatted(node.bootstrap(), files.resolve("connect.offsets")));
        Path in = Files.writeString(files.resolve("source.properties"), """
                name=file-source
                connector.class=FileStreamSource
                tasks.max=1
                file=%s
                topic=connect-lines
                """.formatted(source));
        Path out = Files.writeString(files.resolve("sink.properties"), """
                name=file-sink
                connector.class=FileStreamSink
                tasks.max=1
                file=%s
                topics=connect-lines
                """.formatted(sink));
        return KafkaTools.start("connect-" + name, "org.apache.kafka.connect.cli.ConnectStandalone", worker.toString(),
                in.toString(), out.toString());
    }

    private static void awaitCopy(ChildProcess connect, Path source, Path sink) {
        await(connect).untilAsserted(() -> assertThat(sink).exists().hasSameTextualContentAs(source));
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i).toList();
    }

    private static ConditionFactory await(ChildProcess application) {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100))
                .conditionEvaluationListener(evaluated -> application.assertAlive());
    }
}
