package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own tools that produce, that consume in groups of both protocols, and that look after groups. */
class KafkaGroupToolsTest {

    private static final String CONSOLE_PRODUCER = "org.apache.kafka.tools.ConsoleProducer";
    private static final String CONSOLE_CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
    private static final String GROUPS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    private static final String VERIFIABLE_CONSUMER = "org.apache.kafka.tools.VerifiableConsumer";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.initial.rebalance.delay.ms", "0",
            "offsets.topic.num.partitions", "3");

    @TempDir
    Path files;

    @Test
    void shouldProduceAndConsumeAtTheConsole() throws IOException {
        String topic = node.createTopic(2);
        List<String> lines = IntStream.range(0, 100).mapToObj(i -> "key" + i % 7 + ":value " + i).toList();
        new KafkaTools(files).runWith(lines, CONSOLE_PRODUCER, KafkaTools.at(node.bootstrap(), "--topic", topic,
                "--reader-property", "parse.key=true", "--reader-property", "key.separator=:"));
        for (String protocol : List.of("classic", "consumer")) {
            assertThat(tool(CONSOLE_CONSUMER, "--topic", topic, "--group", "console-" + protocol, "--from-beginning",
                    "--max-messages", "100", "--timeout-ms", "20000", "--command-property",
                    "group.protocol=" + protocol, "--formatter-property", "print.key=true", "--formatter-property",
                    "key.separator=:").lines()).as(protocol).containsExactlyInAnyOrderElementsOf(lines);
            assertThat(committed("console-" + protocol, topic)).as(protocol).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldProduceVerifiablyAndDescribeWhoConsumes(String protocol) throws IOException {
        String topic = node.createTopic(2);
        String group = "verified-" + protocol;
        assertThat(tool("org.apache.kafka.tools.VerifiableProducer", "--topic", topic, "--repeating-keys", "10",
                "--max-messages", "300")).contains("\"sent\":300,\"acked\":300");
        try (ChildProcess consumer = KafkaTools.start(group, VERIFIABLE_CONSUMER,
                KafkaTools.at(node.bootstrap(), "--topic", topic, "--group-id", group, "--group-protocol", protocol,
                        "--reset-policy", "earliest", "--verbose"))) {
            Awaitility.await("all are consumed").atMost(LIMIT).untilAsserted(() -> {
                consumer.assertAlive();
                assertThat(committed(group, topic)).isEqualTo(300);
            });
            assertThat(consumer.events("record_data")).extracting(event -> event.get("value").asInt())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 300).boxed().toList());

            assertThat(groups("--list", "--state", "--type")).containsIgnoringCase(protocol).contains(group, "Stable");
            assertThat(rows(groups("--describe", "--group", group))).hasSize(2)
                    .allSatisfy(row -> assertThat(row.get(5)).as("lag").isEqualTo("0"))
                    .allSatisfy(row -> assertThat(row.get(7)).as("host").isEqualTo("/127.0.0.1"));
            assertThat(rows(groups("--describe", "--group", group, "--members"))).hasSize(1).first()
                    .satisfies(row -> assertThat(row.get(4)).as("partitions").isEqualTo("2"));
            assertThat(groups("--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--execute"))
                    .contains("Assignments can only be reset if the group");

            consumer.stop();
            assertThat(consumer.events("offsets_committed")).isNotEmpty()
                    .allSatisfy(event -> assertThat(event.get("success").asBoolean()).isTrue());
            assertThat(consumer.events("shutdown_complete")).hasSize(1);
        }
    }

    @Test
    void shouldResetAndDeleteOffsetsAndGroups() throws Exception {
        String topic = node.createTopic(2);
        String group = "reset";
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap())) {
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>(topic, i % 2, null, new byte[1])).get();
            }
        }
        OffsetAndMetadata end = new OffsetAndMetadata(10);
        JavaClients.get(node.admin().alterConsumerGroupOffsets(group,
                Map.of(new TopicPartition(topic, 0), end, new TopicPartition(topic, 1), end)).all());

        assertThat(groups("--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--dry-run"))
                .contains("NEW-OFFSET");
        assertThat(committed(group, topic)).as("a dry run changes nothing").isEqualTo(20);
        groups("--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--execute");
        assertThat(committed(group, topic)).isZero();
        groups("--reset-offsets", "--group", group, "--topic", topic + ":0", "--shift-by", "3", "--execute");
        assertThat(rows(groups("--describe", "--group", group))).extracting(row -> row.get(3))
                .containsExactlyInAnyOrder("3", "0");

        assertThat(groups("--delete-offsets", "--group", group, "--topic", topic + ":0")).contains("Successful");
        assertThat(committed(group, topic)).isZero();
        assertThat(groups("--delete", "--group", group)).contains("was successful");
        assertThat(groups("--describe", "--group", group)).contains("not found");
    }

    @Test
    void shouldMeasureFromEndToEnd() throws IOException {
        assertThat(
                tool("org.apache.kafka.tools.EndToEndLatency", "--topic", node.createTopic(1), "--num-records", "200",
                        "--producer-acks", "all", "--record-size", "100"))
                .contains("Avg latency:", "99.9th");
    }

    /** How many records the group has committed. */
    private static long committed(String group, String topic) {
        return JavaClients.get(node.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).entrySet()
                .stream().filter(entry -> entry.getKey().topic().equals(topic))
                .mapToLong(entry -> entry.getValue().offset()).sum();
    }

    private String groups(String... arguments) throws IOException {
        return tool(GROUPS, arguments);
    }

    /** The cells of the lines below a table's head. */
    private static List<List<String>> rows(String table) {
        return table.lines().dropWhile(line -> !line.startsWith("GROUP ")).skip(1).filter(line -> !line.isBlank())
                .map(line -> List.of(line.split(" +"))).toList();
    }

    /** What the tool prints. */
    private String tool(String mainClass, String... arguments) throws IOException {
        return new KafkaTools(files).run(mainClass, KafkaTools.at(node.bootstrap(), arguments));
    }
}
