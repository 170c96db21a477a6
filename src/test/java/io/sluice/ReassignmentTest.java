package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions move under load: by Kafka's tools, to a node that joins, and away from one that is drained. Nothing acknowledged is lost or there twice. */
class ReassignmentTest {

    private static final String TOPIC = "moved";
    private static final int PARTITIONS = 6;
    private static final int SOME = 300;
    private static final int RECORDS_PER_SECOND = 500;
    private static final Duration MOVE_LIMIT = Duration.ofSeconds(60);
    private static final Map<String, String> SETTINGS = Map.of("sluice.balance.settle", "1s");

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
    }

    @Test
    void shouldMovePartitionsUnderLoad() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.create("reassignment", home, 3, SETTINGS).start(0, 1, 2);
                Admin admin = ClusterProcesses.admin(cluster.node(0), cluster.node(1), cluster.node(2))) {
            ClusterProcesses.awaitNodes(cluster.node(0), 3, Duration.ofSeconds(30));
            JavaClients.get(admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 2))).all());
            String bootstrap = cluster.node(0).bootstrap();
            try (LoadProducer load = new LoadProducer("p", bootstrap, TOPIC, PARTITIONS, RECORDS_PER_SECOND)) {
                LoadProducer.awaitAcknowledgements(List.of(load), SOME, "before anything moves");

                moveByHand(admin, bootstrap);
                LoadProducer.awaitAcknowledgements(List.of(load), SOME, "after a move by hand");

                NodeProcess added = cluster.add(SETTINGS).start();
                Awaitility.await("a share for the node that joined").atMost(MOVE_LIMIT)
                        .until(() -> isSettled(admin) && replicasOn(admin, added.id()) >= 2);
                LoadProducer.awaitAcknowledgements(List.of(load), SOME, "after a node joined");

                drainAndRemove(admin, cluster.node(0), added);
                LoadProducer.awaitAcknowledgements(List.of(load), SOME, "after a node was removed");

                load.finish();
                Ledger.verify(List.of(load), JavaClients.readAll(bootstrap, TOPIC, PARTITIONS));
            }
            cluster.assertNoUnexpectedError();
        }
    }

    /** One replica of partition 0 goes to the node that has none, and leads there. */
    private void moveByHand(Admin admin, String bootstrap) throws IOException {
        List<Integer> now = replicas(admin, 0);
        int other = 3 - now.get(0) - now.get(1);
        KafkaTools tools = new KafkaTools(home);
        Path plan = home.resolve("plan.json");
        Files.writeString(plan, """
                {"version": 1, "partitions": [{"topic": "%s", "partition": 0, "replicas": [%d, %d]}]}"""
                .formatted(TOPIC, other, now.get(0)));
        String[] file = {"--reassignment-json-file", plan.toString()};
        assertThat(tools.run("org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
                KafkaTools.at(bootstrap, file[0], file[1], "--execute")))
                .contains("Successfully started partition reassignment for " + TOPIC + "-0");

        Awaitility.await("the move ends").atMost(MOVE_LIMIT).until(() -> isSettled(admin));

        assertThat(replicas(admin, 0)).containsExactly(other, now.get(0));
        assertThat(tools.run("org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
                KafkaTools.at(bootstrap, file[0], file[1], "--verify")))
                .contains("Reassignment of partition " + TOPIC + "-0 is completed.");
        Awaitility.await("the preferred leader leads").atMost(MOVE_LIMIT)
                .until(() -> partition(admin, 0).leader().id() == other);
        assertThat(tools.run("org.apache.kafka.tools.LeaderElectionCommand", KafkaTools.at(bootstrap,
                "--election-type", "preferred", "--topic", TOPIC, "--partition", "0")))
                .contains("Valid replica already elected for partitions " + TOPIC + "-0");
    }

    private void drainAndRemove(Admin admin, NodeProcess seed, NodeProcess added)
            throws IOException, InterruptedException {
        String id = Integer.toString(added.id());
        String bootstrap = seed.bootstrap();
        assertThat(sluice("cluster", "plan", "--drain", id, "--bootstrap", bootstrap)).contains(" replica(s) to copy");

        assertThat(sluice("cluster", "drain", id, "--wait=60", "--bootstrap", bootstrap))
                .contains("node " + id + " is empty");

        assertThat(replicasOn(admin, added.id())).isZero();
        added.stop();
        ClusterProcesses.awaitNodes(seed, 3, Duration.ofSeconds(30));
        assertThat(sluice("cluster", "remove", id, "--bootstrap", bootstrap)).contains("is removed");
        assertThat(sluice("cluster", "--bootstrap", bootstrap)).contains("3 of 3 nodes up");
    }

    /** What the command prints; it must succeed. */
    private String sluice(String... arguments) throws IOException, InterruptedException {
        Path out = home.resolve("command.out");
        Process process = NodeCommand.command(arguments).redirectErrorStream(true)
                .redirectOutput(Redirect.to(out.toFile())).start();
        boolean ended = process.waitFor(90, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        assertThat(ended && process.exitValue() == 0).as("%s: %s", List.of(arguments), Files.readString(out)).isTrue();
        return Files.readString(out);
    }

    private static boolean isSettled(Admin admin) {
        return JavaClients.get(admin.listPartitionReassignments().reassignments()).isEmpty();
    }

    private static int replicasOn(Admin admin, int node) {
        return (int) partitions(admin).stream()
                .filter(partition -> partition.replicas().stream().anyMatch(replica -> replica.id() == node)).count();
    }

    private static List<Integer> replicas(Admin admin, int partition) {
        return partition(admin, partition).replicas().stream().map(Node::id).toList();
    }

    private static TopicPartitionInfo partition(Admin admin, int partition) {
        return partitions(admin).get(partition);
    }

    private static List<TopicPartitionInfo> partitions(Admin admin) {
        return JavaClients.get(admin.describeTopics(List.of(TOPIC)).allTopicNames()).get(TOPIC).partitions();
    }
}
