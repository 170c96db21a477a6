package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node joins and another is drained and removed, while a third is killed and comes back: every partition has its three replicas in the end, with all that
 * was acknowledged. 20 rounds with {@code -Dsluice.long=true}, in which each removed node is wiped and joins next.
 */
class ChangingNodesTest {

    private static final int ROUNDS = Boolean.getBoolean("sluice.long") ? 20 : 1;
    private static final int REPLICAS = 3;
    /** The load makes topics all the time: in the twentieth round thousands of replicas move. */
    private static final Duration MOVE_LIMIT = Duration.ofMinutes(ROUNDS == 1 ? 1 : 5);
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(20);
    private static final Map<String, String> SETTINGS = Map.of("sluice.balance.settle", "1s");

    private final Random random = new Random();

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
    }

    @Test
    void shouldLoseNothingWhenNodesComeAndGoAndOneIsKilled() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.create("ChangingNodesTest", home, REPLICAS, SETTINGS).form()) {
            List<NodeProcess> members = new ArrayList<>(
                    List.of(cluster.node(0), cluster.node(1), cluster.node(2)));
            NodeProcess spare = cluster.add(SETTINGS);
            try (ReplicatedLoad load = new ReplicatedLoad(cluster);
                    Admin admin = ClusterProcesses.admin(cluster.node(0), cluster.node(1), cluster.node(2))) {
                for (int round = 0; round < ROUNDS; round++) {
                    load.awaitProgress(Fault.SOME, "before round " + round);
                    spare = exchange(admin, load, members, spare, "changing-nodes, round " + round);
                }
                Map<TopicPartition, Long> ends = load.finishAndVerifyRecords();
                ReplicaCopies.awaitIdentical(members, ends);
            }
            cluster.assertNoUnexpectedError();
        }
    }

    /** One of the members gives way to the spare node while another is killed. Returns who left, as the next spare. */
    private NodeProcess exchange(Admin admin, ReplicatedLoad load, List<NodeProcess> members, NodeProcess spare,
            String round) throws IOException {
        NodeProcess leaving = members.remove(random.nextInt(members.size()));
        NodeProcess killed = members.get(random.nextInt(members.size()));
        SluiceCommand sluice = new SluiceCommand(members.get(0).bootstrap(), home);
        spare.start();
        // the node that is asked learns of it a moment later than the node itself
        ClusterProcesses.awaitNodes(members.get(0), REPLICAS + 1, MOVE_LIMIT);
        sluice.run("cluster", "drain", Integer.toString(leaving.id())).ok();
        Awaitility.await("replicas move").atMost(MOVE_LIMIT).pollInterval(Duration.ofMillis(20))
                .until(() -> !JavaClients.get(admin.listPartitionReassignments().reassignments()).isEmpty());
        killed.kill();
        load.awaitRecovery(RECOVERY_MAX, round + ", node " + killed.id() + " is killed while replicas of node "
                + leaving.id() + " go to node " + spare.id());
        killed.start();
        members.add(spare);
        Set<Integer> ids = members.stream().map(NodeProcess::id).collect(Collectors.toSet());
        Awaitility.await("all replicas on nodes " + ids + ", " + round).atMost(MOVE_LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> replicas(admin), replicas -> replicas.stream().allMatch(ids::containsAll));
        Awaitility.await("the metadata on nodes " + ids + ", " + round).atMost(MOVE_LIMIT)
                .pollInterval(Duration.ofMillis(200)).until(() -> voters(admin), ids::equals);
        leaving.stop();
        assertThat(sluice.run("cluster", "remove", Integer.toString(leaving.id())).ok()).contains("is removed");
        load.awaitRecovery(RECOVERY_MAX, round + ", node " + leaving.id() + " is gone");
        wipe(leaving.data());
        return leaving;
    }

    private static List<Set<Integer>> replicas(Admin admin) {
        return JavaClients.get(admin.describeTopics(JavaClients.get(admin.listTopics().names())).allTopicNames())
                .values().stream().flatMap(topic -> topic.partitions().stream())
                .map(partition -> partition.replicas().stream().map(Node::id).collect(Collectors.toSet())).toList();
    }

    private static Set<Integer> voters(Admin admin) {
        return JavaClients.get(admin.describeMetadataQuorum().quorumInfo()).voters().stream()
                .map(QuorumInfo.ReplicaState::replicaId).collect(Collectors.toSet());
    }

    private static void wipe(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
