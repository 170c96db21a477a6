package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ClusterProcesses.Seen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node dies or hangs: the others go on soon, and it comes back as the node it was. */
class ClusterFaultTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
    }

    @Test
    void shouldGoOnWithoutANodeAndTakeItBack() {
        try (ClusterProcesses cluster = ClusterProcesses.create("ClusterFaultTest", home, 3, Map.of())) {
            cluster.start(0, 1, 2);
            Seen whole = ClusterProcesses.awaitNodes(cluster.node(0), 3, LIMIT);
            cluster.awaitMetadataReplicas(3); // with two, the death of one is the end of the majority
            NodeProcess killed = cluster.node(1);
            NodeProcess hanging = cluster.node(2);
            Set<Integer> others = without(whole.nodes(), killed.id());
            try (Admin admin = ClusterProcesses.admin(cluster.node(0), hanging)) {
                JavaClients.get(admin.createTopics(List.of(new NewTopic("before", 6, (short) 3))).all());
                assertThat(leaders(admin)).isEqualTo(whole.nodes());

                killed.kill();
                Awaitility.await("other leaders, and a topic created").atMost(SOON).untilAsserted(() -> {
                    assertThat(Seen.by(admin).nodes()).isEqualTo(others);
                    assertThat(leaders(admin)).isEqualTo(others);
                });
                JavaClients.get(admin.createTopics(List.of(new NewTopic("after", 2, (short) 2))).all());
            }
            killed.start();
            assertThat(ClusterProcesses.awaitNodes(killed, 3, LIMIT)).isEqualTo(whole);

            int seen = hanging.log().size();
            int seenByOther = cluster.node(0).log().size();
            hanging.signal("STOP");
            assertThat(ClusterProcesses.awaitNodes(killed, 2, SOON).nodes())
                    .isEqualTo(without(whole.nodes(), hanging.id()));
            Awaitility.await("the others remove it").atMost(LIMIT)
                    .until(() -> cluster.node(0).log().linesAfter(seenByOther).stream()
                            .anyMatch(line -> line.contains("is no member any more")));
            hanging.signal("CONT");
            hanging.awaitReady(seen);
            assertThat(ClusterProcesses.awaitNodes(hanging, 3, LIMIT)).isEqualTo(whole);
            cluster.assertNoUnexpectedError();
        }
    }

    private static Set<Integer> leaders(Admin admin) {
        return JavaClients.get(admin.describeTopics(List.of("before")).allTopicNames()).get("before").partitions()
                .stream()
                .map(TopicPartitionInfo::leader).map(leader -> leader == null ? -1 : leader.id())
                .collect(Collectors.toSet());
    }

    private static Set<Integer> without(Set<Integer> nodes, int node) {
        return nodes.stream().filter(each -> each != node).collect(Collectors.toSet());
    }
}
