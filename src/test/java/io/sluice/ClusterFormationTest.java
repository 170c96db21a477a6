package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ClusterProcesses.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with the same seeds make one cluster in whatever order they start, stay the nodes they are, and let nobody in who does not belong. */
class ClusterFormationTest {

    private static final int TWIN = 14;
    private static final int FOREIGN = 9;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
    }

    @Test
    void shouldFormOneClusterInAnyOrderAndTheSameAgain() {
        try (ClusterProcesses cluster = ClusterProcesses.create("ClusterFormationTest-order", home, 3, Map.of())) {
            cluster.node(2).launch();
            cluster.node(1).launch();
            // the first start after a build makes the start-up cache
            Awaitility.await("a line that says what is missing").atMost(LIMIT.multipliedBy(5))
                    .until(() -> cluster.node(2).log().lines().stream().anyMatch(line -> line.contains(
                            "waiting for the cluster")
                            && line.contains("no answer from " + cluster.addresses().get(0))));
            cluster.start(0);
            cluster.node(1).awaitReady();
            cluster.node(2).awaitReady();
            Seen formed = ClusterProcesses.awaitNodes(cluster.node(0), 3, LIMIT);
            List<Integer> ids = ids(cluster);
            assertThat(formed.nodes()).containsExactlyInAnyOrder(0, 1, 2);

            cluster.node(1).restart();
            assertThat(ClusterProcesses.awaitNodes(cluster.node(1), 3, LIMIT)).isEqualTo(formed);

            for (int i : new int[]{1, 2, 0}) {
                cluster.node(i).stop();
            }
            cluster.start(2, 0, 1);
            for (int i = 0; i < 3; i++) {
                // whichever formed the cluster again runs the controller
                assertThat(ClusterProcesses.awaitNodes(cluster.node(i), 3, LIMIT)).usingRecursiveComparison()
                        .ignoringFields("controller").isEqualTo(formed);
            }
            assertThat(ids(cluster)).isEqualTo(ids);
            cluster.assertNoUnexpectedError();
        }
    }

    @Test
    void shouldLetNobodyInWhoDoesNotBelong() throws IOException {
        Map<String, String> settings = Map.of("sluice.controller.twin-timeout", "1s");
        try (ClusterProcesses cluster = ClusterProcesses.create("ClusterFormationTest-refused", home, 1, settings);
                ClusterProcesses other = ClusterProcesses.create("ClusterFormationTest-other",
                        Files.createDirectory(home.resolve("other")), 1, Map.of())) {
            cluster.start(0);
            NodeProcess second = cluster.add(Map.of("node.id", "5")).start();
            other.start(0);
            other.node(0).stop();

            NodeProcess foreign = other.node(0).in("127.0.0.1:0", cluster.addresses());
            assertThat(foreign.launch().awaitExit()).isEqualTo(FOREIGN);
            assertThat(complaint(foreign)).contains("data directory belongs to cluster", "choose another");

            NodeProcess sameId = cluster.add(Map.of("node.id", "5"));
            assertThat(sameId.launch().awaitExit()).isEqualTo(TWIN);
            assertThat(complaint(sameId)).contains("node.id=5 belongs to another data directory");

            NodeProcess copy = cluster.add(settings);
            copy(second.data(), copy.data());
            assertThat(copy.launch().awaitExit()).isEqualTo(TWIN);
            assertThat(complaint(copy)).contains("node 5 already runs at", "stop one of them");

            assertThat(ClusterProcesses.awaitNodes(second, 2, LIMIT).nodes()).containsExactlyInAnyOrder(0, 5);
        }
    }

    private static List<Integer> ids(ClusterProcesses cluster) {
        return Stream.of(0, 1, 2).map(i -> cluster.node(i).id()).toList();
    }

    private static String complaint(NodeProcess node) {
        return node.log().lines().stream().filter(line -> line.startsWith("sluice: ")).reduce((a, b) -> b)
                .orElseThrow();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!file.endsWith("lock")) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
    }
}
