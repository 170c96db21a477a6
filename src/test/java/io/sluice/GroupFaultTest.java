package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code kill -9} of a group's coordinator while members commit, come and go: the group goes on where it committed and soon, and no partition is two
 * members' at once. One round, 20 with {@code -Dsluice.long=true}.
 */
class GroupFaultTest {

    private static final Logger LOG = LoggerFactory.getLogger(GroupFaultTest.class);
    private static final int ROUNDS = Boolean.getBoolean("sluice.long") ? 20 : 1;
    private static final int NODES = 3;
    private static final int PARTITIONS = 6;
    private static final int MEMBERS = 3;
    private static final String TOPIC = "work";
    private static final String GROUP = "workers";
    /**
     * From a lone node's being back, or from the death of one of three, until all partitions are read and committed again: 5 s on a machine that has
     * nothing else to do, which the suite's has.
     */
    private static final Duration RESUMED_MAX = Duration.ofSeconds(Boolean.getBoolean("sluice.long") ? 5 : 15);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int REBALANCE_MAX_MS = 400;
    /** A member that closes while the coordinator moves cannot say so (its client does not ask again): it is missed when its session ends. */
    private static final Map<String, String> SETTINGS = Map.of("group.consumer.heartbeat.interval.ms", "200",
            "group.consumer.min.heartbeat.interval.ms", "200", "group.consumer.session.timeout.ms", "10000",
            "group.consumer.min.session.timeout.ms", "10000", "group.initial.rebalance.delay.ms", "100",
            "offsets.topic.num.partitions", "3");
    /** Heartbeats would not tell within the test that a node is dead: the connections that end with it must. */
    private static final Map<String, String> PATIENT = Map
            .of("pekko.cluster.failure-detector.acceptable-heartbeat-pause", "60s");
    private static final List<TopicPartition> ALL = IntStream.range(0, PARTITIONS)
            .mapToObj(p -> new TopicPartition(TOPIC, p)).toList();

    private final Random random = new Random();
    private final GroupLedger ledger = new GroupLedger();
    private final Deque<GroupWorker> workers = new ArrayDeque<>();
    private int joined;

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldGoOnWhenTheOnlyNodeIsKilled(String protocol) throws InterruptedException {
        try (NodeProcess node = NodeProcess.create("GroupFaultTest-one-" + protocol, home, SETTINGS).start()) {
            run(node.bootstrap(), protocol, 1, round -> {
                node.kill();
                node.start();
                assertResumed(round);
            });
            node.log().assertNoUnexpectedError();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldGoOnWhenTheCoordinatorsNodeIsKilled(String protocol) throws InterruptedException {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.putAll(PATIENT);
        try (ClusterProcesses cluster = ClusterProcesses.create("GroupFaultTest-three-" + protocol, home, NODES,
                settings)) {
            cluster.form();
            // one that recovers while a node that came back takes over from it; its successor answers
            cluster.expect("GroupCoordinator: .*this node's term of epoch \\d+ is over");
            List<NodeProcess> nodes = IntStream.range(0, NODES).mapToObj(cluster::node).toList();
            String bootstrap = nodes.stream().map(NodeProcess::bootstrap).collect(Collectors.joining(","));
            run(bootstrap, protocol, NODES, round -> {
                NodeProcess victim = coordinator(nodes, bootstrap);
                victim.kill();
                assertResumed(round);
                victim.start();
                ClusterProcesses.awaitNodes(victim, NODES, LIMIT);
            });
            cluster.assertNoUnexpectedError();
        }
    }

    private static NodeProcess coordinator(List<NodeProcess> nodes, String bootstrap) {
        try (Admin admin = JavaClients.admin(bootstrap)) {
            Node coordinator = JavaClients.get(admin.describeConsumerGroups(List.of(GROUP)).all()).get(GROUP)
                    .coordinator();
            return nodes.stream().filter(node -> node.id() == coordinator.id()).findFirst().orElseThrow();
        }
    }

    /** What happens to the coordinator in each round. */
    @FunctionalInterface
    private interface Death {
        void happen(String round);
    }

    private void run(String bootstrap, String protocol, int replicas, Death death) throws InterruptedException {
        try (Admin admin = JavaClients.admin(bootstrap)) {
            JavaClients.get(admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) replicas))).all());
        }
        try (LoadProducer producer = new LoadProducer("p", bootstrap, TOPIC, PARTITIONS, 500)) {
            while (workers.size() < MEMBERS) {
                join(bootstrap, protocol);
            }
            for (int i = 0; i < ROUNDS; i++) {
                String round = protocol + ", round " + i;
                ledger.awaitProgress(ALL, LIMIT, "before " + round);
                // the others share anew when the coordinator dies, or are about to, or have just done so
                if (random.nextBoolean()) {
                    join(bootstrap, protocol);
                } else {
                    leave(bootstrap);
                }
                Fault.lasts(Duration.ofMillis(random.nextInt(REBALANCE_MAX_MS)));
                death.happen(round);
                while (workers.size() < MEMBERS) {
                    join(bootstrap, protocol);
                }
                while (workers.size() > MEMBERS) {
                    leave(bootstrap);
                }
            }
            ledger.awaitProgress(ALL, LIMIT, "after the last round");
            producer.finish();
            ledger.awaitAll(producer, LIMIT);
        } finally {
            workers.forEach(GroupWorker::leave);
        }
        workers.forEach(GroupWorker::close);
        ledger.assertNoFault();
    }

    private void join(String bootstrap, String protocol) {
        workers.add(new GroupWorker(ledger, "w" + joined++, bootstrap, GROUP, TOPIC, protocol));
    }

    /** The coordinator knows that the member has left when it dies; what the member had is perhaps nobody's yet. */
    private void leave(String bootstrap) {
        workers.remove().close();
        try (Admin admin = JavaClients.admin(bootstrap)) {
            await("one member less").atMost(LIMIT).untilAsserted(() -> assertThat(
                    JavaClients.get(admin.describeConsumerGroups(List.of(GROUP)).all()).get(GROUP).members())
                    .hasSize(workers.size()));
        }
    }

    private void assertResumed(String round) {
        Duration took = ledger.awaitProgress(ALL, LIMIT, round);
        LOG.info("{}: the group is back after {} ms", round, took.toMillis());
        assertThat(took).as("time until the group is back, %s", round).isLessThan(RESUMED_MAX);
    }
}
