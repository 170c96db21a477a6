package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes die, hang and restart under load while every partition has three replicas: nothing acknowledged is lost or there twice, and what
 * {@link ReplicatedLoad} checks besides. One round of each fault, 20 with {@code -Dsluice.long=true}.
 *
 * <p>Victims are named by their number in the order of the seeds; node 0 forms the cluster and has the controller, at first.
 */
class ReplicationFaultTest {

    private static final int ROUNDS = Boolean.getBoolean("sluice.long") ? 20 : 1;
    private static final int NODES = 3;
    private static final Duration HANG_MAX = Duration.ofSeconds(10);
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(20);

    private final Random random = new Random();

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldLoseNothingWhenALeaderIsKilled(int victim) throws InterruptedException {
        run("killed-" + victim, (cluster, load, round) -> {
            cluster.node(victim).kill();
            load.awaitRecovery(RECOVERY_MAX, round);
            cluster.node(victim).start();
        });
    }

    static IntStream hanging() {
        return Boolean.getBoolean("sluice.long") ? IntStream.range(0, NODES) : IntStream.of(0);
    }

    @ParameterizedTest
    @MethodSource("hanging")
    void shouldLoseNothingWhenALeaderHangs(int victim) throws InterruptedException {
        run("hanging-" + victim, (cluster, load, round) -> {
            NodeProcess node = cluster.node(victim);
            long hangMs = TimeUnit.SECONDS.toMillis(1) + random.nextLong(HANG_MAX.toMillis());
            node.signal("STOP");
            Fault.lasts(Duration.ofMillis(hangMs));
            node.signal("CONT");
            load.awaitRecovery(RECOVERY_MAX, round + ", hung for " + hangMs + " ms");
            ClusterProcesses.awaitNodes(node, NODES, Duration.ofSeconds(30));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1})
    void shouldAcknowledgeNothingWithoutAMajority(int survivor) throws InterruptedException {
        run("majority-" + survivor, (cluster, load, round) -> {
            int first = (survivor + 1) % NODES;
            int second = (survivor + 2) % NODES;
            cluster.node(first).kill();
            cluster.node(second).kill();
            // not idempotent: the client would ask for a producer id first, for ever if no controller can give one, and expire nothing meanwhile
            try (Producer<byte[], byte[]> probe = JavaClients.producer(cluster.node(survivor).bootstrap(), "acks",
                    "all", "enable.idempotence", "false", "max.block.ms", "3000", "delivery.timeout.ms", "3000",
                    "request.timeout.ms", "2000")) {
                // what the dead had stored and said so before they died is acknowledged in that moment
                AtomicLong before = new AtomicLong(-1);
                await("acknowledgements of what was stored").atMost(Duration.ofSeconds(2))
                        .during(Duration.ofMillis(500)).until(() -> {
                            long count = load.acknowledgedCount();
                            return before.getAndSet(count) == count;
                        });
                assertThatThrownBy(() -> send(probe)).as("a record for one replica of three")
                        .hasCauseInstanceOf(TimeoutException.class);
                assertThat(load.acknowledgedCount()).as("nothing is acknowledged without a majority")
                        .isEqualTo(before.get());
            }
            cluster.node(second).start();
            load.awaitRecovery(RECOVERY_MAX, round);
            cluster.node(first).start();
        });
    }

    @Test
    void shouldLoseNothingWhenAllNodesAreKilled() throws InterruptedException {
        run("all", (cluster, load, round) -> {
            IntStream.range(0, NODES).mapToObj(cluster::node).forEach(NodeProcess::killNow);
            IntStream.range(0, NODES).mapToObj(cluster::node).forEach(NodeProcess::awaitExit);
            cluster.start(random.nextInt(2) == 0 ? new int[]{0, 1, 2} : new int[]{2, 1, 0});
            load.awaitRecovery(RECOVERY_MAX, round);
        });
    }

    @Test
    void shouldLoseNothingWhenNodesAreRestartedInTurn() throws InterruptedException {
        run("rolling", (cluster, load, round) -> {
            for (int victim = 0; victim < NODES; victim++) {
                cluster.node(victim).restart();
                load.awaitProgress(Fault.SOME, round + ", node " + victim);
            }
        });
    }

    private void run(String name, Fault fault) throws InterruptedException {
        try (ClusterProcesses cluster = ClusterProcesses.create("ReplicationFaultTest-" + name, home, NODES,
                Map.of())) {
            cluster.form();
            Fault.underLoad(cluster, name, ROUNDS, fault);
        }
    }

    private static RecordMetadata send(Producer<byte[], byte[]> producer)
            throws ExecutionException, InterruptedException {
        Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(ReplicatedLoad.PROBED,
                "lost".getBytes(StandardCharsets.UTF_8)));
        return sent.get();
    }
}
