package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node is cut off from the other two while clients still reach all three: it acknowledges nothing, the others go on, and in the end all
 * copies are the same. Five cuts of each node with {@code -Dsluice.long=true}. Skipped where networks cannot be made.
 */
class NetworkCutTest {

    private static final boolean LONG = Boolean.getBoolean("sluice.long");
    private static final int ROUNDS = LONG ? 5 : 1;
    private static final int NODES = 3;
    private static final int SOME = 500;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
        Assumptions.assumeTrue(NodeNetwork.isPossible(), "needs network namespaces");
    }

    /** Node 0 is the first seed, which forms clusters, and has the controller, at first. */
    static IntStream victims() {
        return LONG ? IntStream.range(0, NODES) : IntStream.of(0);
    }

    @ParameterizedTest
    @MethodSource("victims")
    void shouldAcknowledgeOnlyWithAMajority(int victim) throws InterruptedException {
        try (NodeNetwork network = new NodeNetwork(NODES);
                ClusterProcesses cluster = ClusterProcesses.create("NetworkCutTest-" + victim, home,
                        network.clusterAddresses(), Map.of())) {
            IntStream.range(0, NODES)
                    .forEach(i -> cluster.node(i).on(network.clientHost(i), network.prefix(i)));
            cluster.start(0, 1, 2);
            ClusterProcesses.awaitNodes(cluster.node(0), NODES, LIMIT);
            cluster.awaitMetadataReplicas(NODES);
            try (ReplicatedLoad load = new ReplicatedLoad(cluster)) {
                for (int i = 0; i < ROUNDS; i++) {
                    load.awaitProgress(SOME, "before cut " + i);
                    int led = ProduceProbe.partitionLedBy(cluster.node(victim));
                    network.cut(victim);
                    assertAcknowledgesNothing(cluster.node(victim), led);
                    load.awaitProgress(SOME, "the majority goes on, cut " + i);
                    network.heal(victim);
                    for (int node = 0; node < NODES; node++) {
                        ClusterProcesses.awaitNodes(cluster.node(node), NODES, LIMIT);
                    }
                }
                load.finishAndVerify();
            }
            cluster.assertNoUnexpectedError();
        }
    }

    private static void assertAcknowledgesNothing(NodeProcess node, int partition) {
        try {
            assertThat(ProduceProbe.answer(node, partition)).as("a record for one replica of three")
                    .isNotEqualTo(Errors.NONE);
        } catch (IOException e) {
            // it starts again without the others and has closed the connection: no acknowledgement either
        }
    }
}
