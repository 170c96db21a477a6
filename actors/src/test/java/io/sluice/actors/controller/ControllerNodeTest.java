package io.sluice.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.actors.controller.Controller.MorePartitions;
import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The controller in a cluster of one node, on the real journal. */
class ControllerNodeTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    private Path data;

    @Test
    void shouldRegisterTheFirstNodeAsZero() throws Exception {
        try (TestNode node = start("disk-a", Map.of())) {
            ClusterImage image = node.controller().image();
            assertThat(image.selfId()).isZero();
            assertThat(image.controllerId()).isZero();
            assertThat(Uuid.fromString(image.clusterId())).isNotNull();
            assertThat(image.nodes().get(0).alive()).isTrue();
        }
    }

    @Test
    void shouldShowEveryChangeInTheImageOfTheNodeThatWasAsked() throws Exception {
        try (TestNode node = start("disk-a", Map.of("num.partitions", "3"))) {
            Controller controller = node.controller();
            TopicImage created = create(controller, "orders").value();
            assertThat(controller.image().topic("orders")).containsSame(controller.image().topic(created.id()).get())
                    .contains(created);
            assertThat(created.partitionCount()).isEqualTo(3);
            assertThat(controller.image().leader(created, 2)).isZero();

            await(controller.createPartitions(List.of(new MorePartitions("orders", 1000, null)), false, TIMEOUT));
            assertThat(controller.image().topic("orders").orElseThrow().partitionCount()).isEqualTo(1000);

            var resource = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
            await(controller.alterConfigs(Map.of(resource, Map.of("retention.ms", "5")), false, false, TIMEOUT));
            assertThat(controller.image().topic("orders").orElseThrow().configs()).isEqualTo(Map.of("retention.ms",
                    "5"));

            await(controller.deleteTopics(List.of(created.id()), TIMEOUT));
            assertThat(controller.image().topics()).isEmpty();
        }
    }

    @Test
    void shouldKeepEverythingOverARestartOnAnotherPort() throws Exception {
        String clusterId;
        TopicImage topic;
        long producerId;
        try (TestNode node = start("disk-a", Map.of())) {
            clusterId = node.controller().image().clusterId();
            topic = create(node.controller(), "orders").value();
            var all = new ConfigResource(ConfigResource.Type.BROKER, "");
            await(node.controller().alterConfigs(Map.of(all, Map.of("log.retention.ms", "7")), false, false, TIMEOUT));
            producerId = await(node.controller().nextProducerId()).value();
        }
        try (TestNode node = start("disk-a", Map.of())) {
            ClusterImage image = node.controller().image();
            assertThat(image.clusterId()).isEqualTo(clusterId);
            assertThat(image.selfId()).isZero();
            assertThat(image.nodes()).containsOnlyKeys(0);
            assertThat(image.topic("orders")).contains(topic);
            assertThat(image.nodeConfigs(-1)).isEqualTo(Map.of("log.retention.ms", "7"));
            assertThat(await(node.controller().nextProducerId()).value()).isGreaterThanOrEqualTo(producerId + 1000);
        }
    }

    @Test
    void shouldKeepEverythingOverSnapshots() throws Exception {
        String often = "sluice.controller.snapshot-every = 3\n";
        Set<String> names = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            try (TestNode node = start(often, "disk-a", Map.of())) {
                assertThat(node.controller().image().topics()).extracting(TopicImage::name)
                        .containsExactlyInAnyOrderElementsOf(names);
                for (int i = 0; i < 5; i++) {
                    names.add("t-" + round + "-" + i);
                    assertThat(create(node.controller(), "t-" + round + "-" + i).error()).isEqualTo(Errors.NONE);
                }
            }
        }
    }

    @Test
    void shouldGiveEveryProducerAnIdOfItsOwnOverBlocks() throws Exception {
        try (TestNode node = start("disk-a", Map.of())) {
            List<CompletableFuture<AdminResult<Long>>> asked = new ArrayList<>();
            for (int i = 0; i < 2500; i++) {
                asked.add(node.controller().nextProducerId().toCompletableFuture());
            }
            List<Long> ids = new ArrayList<>();
            for (CompletableFuture<AdminResult<Long>> each : asked) {
                ids.add(await(each).value());
            }
            assertThat(ids).containsExactlyInAnyOrderElementsOf(LongStream.range(0, 2500).boxed().toList());
        }
    }

    @Test
    void shouldTellListenersEveryImageInOrder() throws Exception {
        try (TestNode node = start("disk-a", Map.of())) {
            List<Long> versions = new CopyOnWriteArrayList<>();
            var subscription = node.node.images().subscribe(image -> versions.add(image.version()));
            long first = node.controller().image().version();

            create(node.controller(), "a");
            create(node.controller(), "b");
            Awaitility.await().until(() -> versions.contains(first + 2));
            subscription.close();
            create(node.controller(), "c");

            assertThat(versions).isSorted().startsWith(first).doesNotContain(first + 3);
        }
    }

    @Test
    void shouldRefuseANodeIdThatIsNotTheDisksInOneLine() throws Exception {
        start("disk-a", Map.of("node.id", "4")).close();

        assertThatThrownBy(() -> start("disk-a", Map.of("node.id", "5")).close())
                .hasRootCauseInstanceOf(NodeRefusedException.class).rootCause().message().contains("node 4")
                .doesNotContain("\n");
    }

    @Test
    void shouldRefuseDeletionWhereItIsSwitchedOff() throws Exception {
        try (TestNode node = start("disk-a", Map.of("delete.topic.enable", "false"))) {
            Uuid id = create(node.controller(), "t").value().id();

            assertThat(await(node.controller().deleteTopics(List.of(id), TIMEOUT)).get(id).error())
                    .isEqualTo(Errors.TOPIC_DELETION_DISABLED);
        }
    }

    private TestNode start(String diskId, Map<String, String> statics) throws Exception {
        return start("", diskId, statics);
    }

    private TestNode start(String config, String diskId, Map<String, String> statics) throws Exception {
        return TestNode.start(config + """
                pekko.persistence.journal.plugin = "sluice.persistence.journal"
                pekko.persistence.snapshot-store.plugin = "sluice.persistence.snapshot-store"
                sluice.persistence.dir = "%s"
                """.formatted(data), diskId, statics);
    }

    private static AdminResult<TopicImage> create(Controller controller, String name) throws Exception {
        return await(controller.createTopics(List.of(new NewTopic(name, -1, (short) -1, null, Map.of())), false,
                TIMEOUT)).get(name);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
