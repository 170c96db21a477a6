package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own command-line tools, as an operator uses them. */
class KafkaToolsTest {

    private static final String TOPIC_COMMAND = "org.apache.kafka.tools.TopicCommand";
    private static final String CONFIG_COMMAND = "kafka.admin.ConfigCommand";
    private static final String GET_OFFSETS = "org.apache.kafka.tools.GetOffsetShell";

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.initial.rebalance.delay.ms", "0");

    @TempDir
    Path files;

    @Test
    void shouldManageTopics() throws IOException {
        assertThat(tool(TOPIC_COMMAND, "--create", "--topic", "made-by-tool", "--partitions", "3", "--config",
                "retention.ms=3600000"))
                .contains("Created topic made-by-tool.");
        assertThat(tool(TOPIC_COMMAND, "--list")).contains("made-by-tool");
        assertThat(tool(TOPIC_COMMAND, "--describe", "--topic", "made-by-tool")).contains("PartitionCount: 3")
                .contains("ReplicationFactor: 1").contains("retention.ms=3600000").contains("Partition: 2");
        tool(TOPIC_COMMAND, "--alter", "--topic", "made-by-tool", "--partitions", "5");
        assertThat(tool(TOPIC_COMMAND, "--describe", "--topic", "made-by-tool")).contains("PartitionCount: 5")
                .contains("Partition: 4");
        assertThat(tool(TOPIC_COMMAND, "--create", "--if-not-exists", "--topic", "made-by-tool"))
                .doesNotContain("Error");
        tool(TOPIC_COMMAND, "--delete", "--topic", "made-by-tool");
        assertThat(tool(TOPIC_COMMAND, "--list")).doesNotContain("made-by-tool");
    }

    @Test
    void shouldSayWhyATopicCannotBeMade() throws IOException {
        String topic = node.createTopic(1);
        assertThat(failing(TOPIC_COMMAND, "--create", "--topic", topic)).contains("already exists");
        assertThat(failing(TOPIC_COMMAND, "--create", "--topic", "few", "--replication-factor", "3"))
                .containsIgnoringCase("replication factor");
        assertThat(failing(TOPIC_COMMAND, "--alter", "--topic", topic, "--partitions", "1"))
                .containsIgnoringCase("partition");
    }

    @Test
    void shouldChangeTheSettingsOfATopic() throws IOException {
        String topic = node.createTopic(1);
        String[] entity = {"--entity-type", "topics", "--entity-name", topic};
        tool(CONFIG_COMMAND, and(entity, "--alter", "--add-config", "retention.ms=60000,max.message.bytes=2000000"));
        assertThat(tool(CONFIG_COMMAND, and(entity, "--describe"))).contains("retention.ms=60000")
                .contains("max.message.bytes=2000000");
        tool(CONFIG_COMMAND, and(entity, "--alter", "--delete-config", "retention.ms"));
        assertThat(tool(CONFIG_COMMAND, and(entity, "--describe"))).doesNotContain("retention.ms=60000")
                .contains("max.message.bytes=2000000");
        assertThat(tool(CONFIG_COMMAND, and(entity, "--describe", "--all"))).contains("cleanup.policy=delete")
                .contains("min.insync.replicas=1");
    }

    @Test
    void shouldChangeTheSettingsOfTheNode() throws IOException {
        String id = Integer.toString(JavaClients.get(node.admin().describeCluster().nodes()).iterator().next().id());
        String[] entity = {"--entity-type", "brokers", "--entity-name", id};
        tool(CONFIG_COMMAND, and(entity, "--alter", "--add-config", "log.retention.ms=7200000"));
        assertThat(tool(CONFIG_COMMAND, and(entity, "--describe"))).contains("log.retention.ms=7200000");
        tool(CONFIG_COMMAND, and(entity, "--alter", "--delete-config", "log.retention.ms"));
        assertThat(tool(CONFIG_COMMAND, and(entity, "--describe"))).doesNotContain("log.retention.ms=7200000");
        assertThat(tool(CONFIG_COMMAND, and(entity, "--describe", "--all"))).contains("num.partitions=");
    }

    @Test
    void shouldTellOffsetsAndDeleteRecords() throws IOException {
        String topic = node.createTopic(1);
        produce(topic, 500);
        assertThat(offset(topic, "-1")).isEqualTo("500");
        assertThat(offset(topic, "-2")).isEqualTo("0");
        assertThat(Long.parseLong(offset(topic, "-3"))).isBetween(0L, 499L);
        assertThat(offset(topic, "1")).isEqualTo("0");
        assertThat(tool(GET_OFFSETS, "--topic", topic, "--time", Long.toString(System.currentTimeMillis() + 3_600_000)))
                .isBlank();

        Path offsets = files.resolve("offsets.json");
        Files.writeString(offsets, """
                {"partitions": [{"topic": "%s", "partition": 0, "offset": 123}], "version": 1}""".formatted(topic));
        assertThat(tool("org.apache.kafka.tools.DeleteRecordsCommand", "--offset-json-file", offsets.toString()))
                .contains("low_watermark: 123");
        assertThat(offset(topic, "earliest")).isEqualTo("123");
        assertThat(offset(topic, "latest")).isEqualTo("500");
        assertThat(JavaClients.readAll(node.bootstrap(), topic, 1)).hasSize(377).first()
                .satisfies(record -> assertThat(record.offset()).isEqualTo(123));
    }

    @Test
    void shouldMeasureItself() throws IOException {
        String topic = node.createTopic(2);
        assertThat(produce(topic, 20_000)).contains("20000 records sent");
        String table = tool("org.apache.kafka.tools.ConsumerPerformance", "--topic", topic, "--num-records", "20000",
                "--timeout", "30000");
        String[] row = table.lines().reduce((first, second) -> second).orElseThrow().split(",", -1);
        assertThat(row[4].strip()).as("records read, of %s", table).isEqualTo("20000");
    }

    @Test
    void shouldTellVersionsAndDirectories() throws IOException {
        String topic = node.createTopic(1);
        produce(topic, 10);
        assertThat(tool("org.apache.kafka.tools.BrokerApiVersionsCommand")).contains("Produce(0): 0 to 13")
                .contains("Fetch(1): 4 to 18");
        assertThat(tool("org.apache.kafka.tools.LogDirsCommand", "--describe", "--topic-list", topic))
                .contains("\"partition\":\"" + topic + "-0\"").doesNotContain("\"size\":0");
    }

    private String produce(String topic, int count) throws IOException {
        return new KafkaTools(files).run("org.apache.kafka.tools.ProducerPerformance", "--topic", topic,
                "--num-records",
                Integer.toString(count),
                "--record-size", "100", "--throughput", "-1", "--command-property",
                "bootstrap.servers=" + node.bootstrap());
    }

    private String offset(String topic, String time) throws IOException {
        String line = tool(GET_OFFSETS, "--topic", topic, "--time", time).strip();
        assertThat(line).startsWith(topic + ":0:");
        return line.substring(line.lastIndexOf(':') + 1);
    }

    private static String[] and(String[] first, String... rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(rest));
        return all.toArray(String[]::new);
    }

    /** What the tool prints. */
    private String tool(String mainClass, String... arguments) throws IOException {
        return new KafkaTools(files).run(mainClass, KafkaTools.at(node.bootstrap(), arguments));
    }

    /** What the tool prints when it cannot do what it should. */
    private String failing(String mainClass, String... arguments) throws IOException {
        return new KafkaTools(files).failing(mainClass, KafkaTools.at(node.bootstrap(), arguments));
    }
}
