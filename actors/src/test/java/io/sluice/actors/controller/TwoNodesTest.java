package io.sluice.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The controller's messages between two nodes. */
class TwoNodesTest {

    @TempDir
    private Path data;

    @Test
    void shouldServeANodeThatDoesNotRunTheController() throws Exception {
        try (TestNode first = start("disk-a", null); TestNode second = start("disk-b", first)) {
            assertThat(second.controller().image().selfId()).isEqualTo(1);
            assertThat(second.controller().image().controllerId()).isZero();
            assertThat(second.controller().image().clusterId()).isEqualTo(first.controller().image().clusterId());
            Awaitility.await().until(() -> alive(first) == 2 && alive(second) == 2);

            AdminResult<TopicImage> created = second.controller()
                    .createTopics(List.of(new NewTopic("orders", 4, (short) 2, null, Map.of())), false,
                            Duration.ofSeconds(20))
                    .toCompletableFuture().get(30, TimeUnit.SECONDS).get("orders");

            assertThat(created.error()).isEqualTo(Errors.NONE);
            assertThat(second.controller().image().topic("orders")).as("reads its own write").contains(created.value());
            assertThat(Set.copyOf(created.value().replicas())).as("leaders on both")
                    .containsExactlyInAnyOrder(List.of(0, 1), List.of(1, 0));
            Awaitility.await().until(() -> first.controller().image().topic("orders").isPresent());
            assertThat(second.controller().nextProducerId().toCompletableFuture().get(30, TimeUnit.SECONDS).value())
                    .isZero();
        }
    }

    private static long alive(TestNode node) {
        ClusterImage image = node.controller().image();
        return image.nodes().values().stream().filter(each -> each.alive()).count();
    }

    private TestNode start(String diskId, TestNode seed) throws Exception {
        return TestNode.start("""
                pekko.persistence.journal.plugin = "sluice.persistence.journal"
                pekko.persistence.snapshot-store.plugin = "sluice.persistence.snapshot-store"
                sluice.persistence.dir = "%s"
                """.formatted(data.resolve(diskId)), diskId, Map.of(), seed);
    }
}
