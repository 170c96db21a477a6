package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Links between nodes are cut while clients still reach all three: who has no majority acknowledges nothing, and in the end all copies are the same. Some
 * twenty rounds of each fault with {@code -Dsluice.long=true}. Skipped where networks cannot be made.
 */
class NetworkCutTest {

    private static final boolean LONG = Boolean.getBoolean("sluice.long");
    private static final int ROUNDS = LONG ? 20 : 1;
    private static final int NODES = 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** From the end of a fault: who was removed starts again and joins. */
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(20);

    private final Random random = new Random();

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
        Assumptions.assumeTrue(NodeNetwork.isPossible(), "needs network namespaces");
    }

    /** A fault of the network. */
    private interface NetworkFault {
        void happen(NodeNetwork network, ClusterProcesses cluster, ReplicatedLoad load, String round);
    }

    /** Node 0 is the first seed, which forms clusters, and has the controller, at first. */
    static IntStream victims() {
        return LONG ? IntStream.range(0, NODES) : IntStream.of(0);
    }

    @ParameterizedTest
    @MethodSource("victims")
    void shouldAcknowledgeOnlyWithAMajority(int victim) throws InterruptedException {
        run("cut-" + victim, LONG ? 7 : 1, (network, cluster, load, round) -> {
            int led = ProduceProbe.partitionLedBy(cluster.node(victim));
            network.cut(victim);
            assertAcknowledgesNothing(cluster.node(victim), led);
            load.awaitProgress(Fault.SOME, "the majority goes on, " + round);
            network.heal(victim);
        });
    }

    /** Frames of one direction arrive: what a node says to the others, or what they say to it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledIfSystemProperty(named = "sluice.long", matches = "true")
    void shouldLoseNothingWhenALinkWorksOneWay(boolean mute) throws InterruptedException {
        run("one-way-" + mute, ROUNDS / 2, (network, cluster, load, round) -> {
            int victim = random.nextInt(NODES);
            others(victim).forEach(other -> network.cutOneWay(mute ? victim : other, mute ? other : victim));
            load.awaitProgress(Fault.SOME, "the others go on, " + round);
            others(victim).forEach(other -> network.healOneWay(mute ? victim : other, mute ? other : victim));
        });
    }

    /** Two nodes cannot reach each other, and both reach the third. */
    @Test
    void shouldLoseNothingWhenTwoNodesMeetOnlyAtTheThird() throws InterruptedException {
        run("bridge", ROUNDS, (network, cluster, load, round) -> {
            int between = LONG ? random.nextInt(NODES) : 2;
            int[] ends = others(between).toArray();
            network.cutOneWay(ends[0], ends[1]);
            network.cutOneWay(ends[1], ends[0]);
            Fault.lasts(Duration.ofSeconds(4 + random.nextInt(LONG ? 12 : 1)));
            network.healOneWay(ends[0], ends[1]);
            network.healOneWay(ends[1], ends[0]);
        });
    }

    @Test
    @EnabledIfSystemProperty(named = "sluice.long", matches = "true")
    void shouldLoseNothingWhenALinkFlaps() throws InterruptedException {
        run("flapping", ROUNDS, (network, cluster, load, round) -> {
            int victim = random.nextInt(NODES);
            for (int cuts = 0; cuts < 5; cuts++) {
                network.cut(victim);
                Fault.lasts(Duration.ofMillis(1000 + random.nextInt(2000)));
                network.heal(victim);
                Fault.lasts(Duration.ofMillis(1000 + random.nextInt(2000)));
            }
        });
    }

    private static IntStream others(int node) {
        return IntStream.range(0, NODES).filter(each -> each != node);
    }

    private void run(String name, int rounds, NetworkFault fault) throws InterruptedException {
        try (NodeNetwork network = new NodeNetwork(NODES);
                ClusterProcesses cluster = ClusterProcesses.create("NetworkCutTest-" + name, home,
                        network.clusterAddresses(), Map.of())) {
            IntStream.range(0, NODES)
                    .forEach(i -> cluster.node(i).on(network.clientHost(i), network.prefix(i)));
            cluster.form();
            // a node alone begins the coordinator's singleton in the moment in which it takes itself out: Pekko's supervisor tells
            cluster.expect("Cluster node must not be terminated");
            Fault.underLoad(cluster, name, rounds, (nodes, load, round) -> {
                fault.happen(network, nodes, load, round);
                load.awaitRecovery(RECOVERY_MAX, round);
                for (int node = 0; node < NODES; node++) {
                    ClusterProcesses.awaitNodes(nodes.node(node), NODES, LIMIT);
                }
            });
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
