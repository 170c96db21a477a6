package io.sluice;

import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.DELETE;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator does with the Java Admin client. */
class AdminApiTest {

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with();

    @Test
    void shouldDescribeTheCluster() {
        var cluster = node.admin().describeCluster();
        assertThat(JavaClients.get(cluster.clusterId())).isNotBlank();
        Node only = JavaClients.get(cluster.nodes()).iterator().next();
        assertThat(JavaClients.get(cluster.nodes())).hasSize(1);
        assertThat(only.host() + ":" + only.port()).isEqualTo(node.bootstrap());
        assertThat(JavaClients.get(cluster.controller())).isEqualTo(only);
    }

    @Test
    void shouldAdvertiseWhatTheDocumentationSays() throws IOException {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "it serves more");
        Map<Integer, String> told = new TreeMap<>();
        Set<Integer> missing = new TreeSet<>();
        for (String line : Files.readAllLines(NodeCommand.ROOT.resolve("docs/compatibility.md"))) {
            String[] cells = line.split(" ?\\| ?", -1);
            if (line.matches("\\| \\d+ \\| \\w+ \\| \\d+(–\\d+)? \\|.*")) {
                told.put(Integer.parseInt(cells[1]), cells[2] + " " + cells[3]);
            } else if (line.matches("\\| \\d+[–, \\d]* \\|.*")) {
                Stream.of(cells[1].split(", ", -1)).map(range -> range.split("–", -1)).forEach(range -> IntStream
                        .rangeClosed(Integer.parseInt(range[0]), Integer.parseInt(range[range.length - 1]))
                        .filter(key -> ApiKeys.hasId(key) && ApiKeys.forId(key).inScope(ListenerType.BROKER))
                        .forEach(missing::add));
            }
        }
        Map<Integer, String> served = new TreeMap<>();
        try (RawConnection connection = new RawConnection(node.process())) {
            connection.exchange(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData(), new ApiVersionsResponseData())
                    .apiKeys().forEach(api -> {
                        ApiKeys key = ApiKeys.forId(api.apiKey());
                        int min = key == ApiKeys.PRODUCE ? ApiKeys.PRODUCE.oldestVersion() : api.minVersion();
                        served.put((int) api.apiKey(), key.name + " " + min
                                + (api.maxVersion() == min ? "" : "–" + api.maxVersion()));
                    });
        }
        assertThat(told).isEqualTo(served);
        Set<Integer> all = new TreeSet<>(served.keySet());
        assertThat(all).doesNotContainAnyElementsOf(missing);
        all.addAll(missing);
        assertThat(all).isEqualTo(ApiKeys.apisForListener(ListenerType.BROKER).stream().map(api -> (int) api.id)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void shouldCreateDescribeAndDelete() {
        var created = node.admin().createTopics(
                List.of(new NewTopic("created", 3, (short) 1).configs(Map.of("retention.ms", "1000000"))));
        Uuid id = JavaClients.get(created.topicId("created"));
        assertThat(JavaClients.get(created.numPartitions("created"))).isEqualTo(3);
        assertThat(JavaClients.get(created.replicationFactor("created"))).isEqualTo(1);
        assertThat(JavaClients.get(created.config("created")).get("retention.ms").value()).isEqualTo("1000000");

        TopicDescription description = describe("created");
        assertThat(description.topicId()).isEqualTo(id);
        assertThat(description.isInternal()).isFalse();
        assertThat(description.partitions()).hasSize(3).allSatisfy(partition -> {
            assertThat(partition.leader()).isNotNull();
            assertThat(partition.replicas()).containsExactly(partition.leader());
            assertThat(partition.isr()).containsExactly(partition.leader());
        });
        assertThat(JavaClients.get(node.admin().describeTopics(TopicCollection.ofTopicIds(List.of(id))).allTopicIds())
                .get(id).name())
                .isEqualTo("created");
        assertThat(JavaClients.get(node.admin().listTopics().names())).contains("created");

        JavaClients.get(node.admin().deleteTopics(List.of("created")).all());
        assertThat(JavaClients.get(node.admin().listTopics().names())).doesNotContain("created");
        assertThat(JavaClients.errorOf(node.admin().describeTopics(List.of("created")).allTopicNames()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);

        // the name is free again, for another topic
        Uuid next = JavaClients
                .get(node.admin().createTopics(List.of(new NewTopic("created", 1, (short) 1))).topicId("created"));
        assertThat(next).isNotEqualTo(id);
        JavaClients.get(node.admin().deleteTopics(TopicCollection.ofTopicIds(List.of(next))).all());
        assertThat(JavaClients.get(node.admin().listTopics().names())).doesNotContain("created");
    }

    @Test
    void shouldOnlyCheckWhenAskedTo() {
        var checked = node.admin().createTopics(List.of(new NewTopic("checked", 1, (short) 1)),
                new CreateTopicsOptions().validateOnly(true));
        JavaClients.get(checked.all());
        assertThat(JavaClients.get(node.admin().listTopics().names())).doesNotContain("checked");
    }

    @Test
    void shouldSayWhyATopicCannotBe() {
        String topic = node.createTopic(1);
        assertThat(creationError(new NewTopic(topic, 1, (short) 1))).isInstanceOf(TopicExistsException.class);
        assertThat(creationError(new NewTopic("none", 0, (short) 1))).isInstanceOf(InvalidPartitionsException.class);
        assertThat(creationError(new NewTopic("none", 1, (short) 2)))
                .isInstanceOf(InvalidReplicationFactorException.class);
        assertThat(creationError(new NewTopic("none", 1, (short) 0)))
                .isInstanceOf(InvalidReplicationFactorException.class);
        assertThat(JavaClients.errorOf(node.admin().deleteTopics(List.of("no-such-topic")).all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
        assertThat(JavaClients
                .errorOf(node.admin().deleteTopics(TopicCollection.ofTopicIds(List.of(Uuid.randomUuid()))).all()))
                .isInstanceOf(UnknownTopicIdException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a/b", "with space", "ümlaut"})
    void shouldRefuseNamesThatAreNone(String name) {
        assertThat(creationError(new NewTopic(name, 1, (short) 1))).isInstanceOf(InvalidTopicException.class);
    }

    @Test
    void shouldRefuseANameThatIsTooLong() {
        assertThat(creationError(new NewTopic("x".repeat(250), 1, (short) 1)))
                .isInstanceOf(InvalidTopicException.class);
        JavaClients.get(node.admin().createTopics(List.of(new NewTopic("x".repeat(249), 1, (short) 1))).all());
        send("x".repeat(249), 0, 1000L);
    }

    private static Throwable creationError(NewTopic topic) {
        return JavaClients.errorOf(node.admin().createTopics(List.of(topic)).all());
    }

    @Test
    void shouldAddPartitions() {
        String topic = node.createTopic(1, "retention.ms", "-1");
        send(topic, 0, 1000L);
        JavaClients.get(node.admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(4))).all());
        assertThat(describe(topic).partitions()).hasSize(4);
        send(topic, 3, 1000L);
        assertThat(JavaClients.readAll(node.bootstrap(), topic, 4)).hasSize(2);
        assertThat(JavaClients.errorOf(node.admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all()))
                .isInstanceOf(InvalidPartitionsException.class);
        assertThat(JavaClients
                .errorOf(node.admin().createPartitions(Map.of("no-such-topic", NewPartitions.increaseTo(2))).all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void shouldChangeSettingsOfTopics() {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, node.createTopic(1));
        assertThat(config(topic).get("retention.ms").source()).isEqualTo(ConfigEntry.ConfigSource.DEFAULT_CONFIG);
        alter(topic, "retention.ms", "123456", SET);
        assertThat(config(topic).get("retention.ms").value()).isEqualTo("123456");
        assertThat(config(topic).get("retention.ms").source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
        alter(topic, "retention.ms", "", DELETE);
        assertThat(config(topic).get("retention.ms").value()).isEqualTo("604800000");
    }

    @Test
    void shouldChangeSettingsOfTheNodeAndSoTheTopicsDefaults() {
        String id = Integer.toString(JavaClients.get(node.admin().describeCluster().nodes()).iterator().next().id());
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, id);
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, node.createTopic(1));
        alter(broker, "log.retention.ms", "7654321", SET);
        assertThat(config(broker).get("log.retention.ms").value()).isEqualTo("7654321");
        Awaitility.await()
                .untilAsserted(() -> assertThat(config(topic).get("retention.ms").value()).isEqualTo("7654321"));
        alter(broker, "log.retention.ms", "", DELETE);
        Awaitility.await()
                .untilAsserted(() -> assertThat(config(topic).get("retention.ms").value()).isEqualTo("604800000"));
    }

    private static Config config(ConfigResource resource) {
        return JavaClients.get(node.admin().describeConfigs(Set.of(resource)).all()).get(resource);
    }

    private static void alter(ConfigResource resource, String key, String value, AlterConfigOp.OpType operation) {
        JavaClients.get(node.admin()
                .incrementalAlterConfigs(
                        Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(key, value), operation))))
                .all());
    }

    @Test
    void shouldListOffsets() {
        String topic = node.createTopic(2, "retention.ms", "-1");
        List.of(1000L, 3000L, 2000L, 4000L, 4000L).forEach(timestamp -> send(topic, 0, timestamp));
        assertThat(offset(topic, 0, OffsetSpec.earliest()).offset()).isZero();
        assertThat(offset(topic, 0, OffsetSpec.latest()).offset()).isEqualTo(5);
        assertThat(offset(topic, 0, OffsetSpec.forTimestamp(1001)).offset()).isEqualTo(1);
        assertThat(offset(topic, 0, OffsetSpec.forTimestamp(1001)).timestamp()).isEqualTo(3000);
        assertThat(offset(topic, 0, OffsetSpec.forTimestamp(0)).offset()).isZero();
        assertThat(offset(topic, 0, OffsetSpec.forTimestamp(3500)).offset()).isEqualTo(3);
        assertThat(offset(topic, 0, OffsetSpec.forTimestamp(5000)).offset()).isEqualTo(-1);
        assertThat(offset(topic, 0, OffsetSpec.maxTimestamp()).timestamp()).isEqualTo(4000);
        assertThat(offset(topic, 0, OffsetSpec.maxTimestamp()).offset()).isEqualTo(3);
        assertThat(offset(topic, 1, OffsetSpec.latest()).offset()).isZero();
        assertThat(offset(topic, 1, OffsetSpec.maxTimestamp()).offset()).isEqualTo(-1);
        assertThat(offset(topic, 0, OffsetSpec.earliestLocal()).offset()).isZero();
    }

    private static ListOffsetsResultInfo offset(String topic, int partition, OffsetSpec spec) {
        TopicPartition at = new TopicPartition(topic, partition);
        return JavaClients.get(node.admin().listOffsets(Map.of(at, spec)).partitionResult(at));
    }

    @Test
    void shouldDescribeLogDirectories() {
        String topic = node.createTopic(2);
        send(topic, 0, 1000L);
        int id = JavaClients.get(node.admin().describeCluster().nodes()).iterator().next().id();
        var directories = JavaClients.get(node.admin().describeLogDirs(List.of(id)).allDescriptions()).get(id);
        assertThat(directories).hasSize(1);
        var directory = directories.values().iterator().next();
        assertThat(directory.error()).isNull();
        assertThat(directory.totalBytes().orElse(0)).isPositive();
        assertThat(directory.replicaInfos().get(new TopicPartition(topic, 0)).size()).isPositive();
        assertThat(directory.replicaInfos().get(new TopicPartition(topic, 0)).offsetLag()).isZero();
        assertThat(directory.replicaInfos()).containsKey(new TopicPartition(topic, 1));
    }

    @Test
    void shouldKeepEverythingOverAKill() {
        String topic = node.createTopic(3, "retention.ms", "424242");
        Uuid id = describe(topic).topicId();
        String cluster = JavaClients.get(node.admin().describeCluster().clusterId());
        int nodeId = JavaClients.get(node.admin().describeCluster().nodes()).iterator().next().id();
        node.process().kill();
        node.process().start();
        Awaitility.await().atMost(java.time.Duration.ofSeconds(40)).ignoreExceptions()
                .until(() -> JavaClients.get(node.admin().listTopics().names()).contains(topic));
        assertThat(describe(topic).topicId()).isEqualTo(id);
        assertThat(describe(topic).partitions()).hasSize(3);
        assertThat(config(new ConfigResource(ConfigResource.Type.TOPIC, topic)).get("retention.ms").value())
                .isEqualTo("424242");
        assertThat(JavaClients.get(node.admin().describeCluster().clusterId())).isEqualTo(cluster);
        assertThat(JavaClients.get(node.admin().describeCluster().nodes())).singleElement()
                .satisfies(only -> assertThat(only.id()).isEqualTo(nodeId));
        send(topic, 2, 1000L);
    }

    @Test
    void shouldKeepAGroupsOwnSettings() {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "g");
        assertThat(config(group).get("consumer.session.timeout.ms").value()).isEqualTo("45000");
        JavaClients.get(node.admin().incrementalAlterConfigs(Map.of(group,
                List.of(new AlterConfigOp(new ConfigEntry("consumer.session.timeout.ms", "50000"), SET)))).all());

        ConfigEntry set = config(group).get("consumer.session.timeout.ms");
        assertThat(set.value()).isEqualTo("50000");
        assertThat(set.source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG);
        assertThat(JavaClients.get(node.admin().listConfigResources(Set.of(ConfigResource.Type.GROUP),
                new ListConfigResourcesOptions()).all())).containsExactly(group);
        assertThat(JavaClients.errorOf(node.admin().incrementalAlterConfigs(Map.of(group,
                List.of(new AlterConfigOp(new ConfigEntry("session.timeout.ms", "1"), SET)))).all()))
                .isInstanceOf(InvalidConfigurationException.class);
    }

    private static TopicDescription describe(String topic) {
        return JavaClients.get(node.admin().describeTopics(List.of(topic)).allTopicNames()).get(topic);
    }

    private static void send(String topic, int partition, long timestamp) {
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap())) {
            producer.send(
                    new ProducerRecord<>(topic, partition, timestamp, null, "value".getBytes(StandardCharsets.UTF_8)))
                    .get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
