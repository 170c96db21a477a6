package io.sluice;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of one node of three is slow, from a bit to for longer than clients wait for an answer: all partitions go on, those that it leads as fast as it
 * can, and nothing is lost. 20 rounds with {@code -Dsluice.long=true}. Skipped without a C compiler.
 */
class SlowDiskTest {

    private static final boolean LONG = Boolean.getBoolean("sluice.long");
    private static final int NODES = 3;
    private static final List<Duration> DELAYS = List.of(Duration.ofMillis(500), Duration.ofMillis(50),
            Duration.ofSeconds(2), Duration.ofSeconds(6));
    /** What the clients of {@link ReplicatedLoad} wait for an answer. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(20);

    @TempDir
    Path home;

    @BeforeAll
    static void onlyWithACompiler() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
        Assumptions.assumeTrue(SlowDisk.isPossible(), "needs gcc");
    }

    @Test
    void shouldGoOnWithTheSlowNode() throws InterruptedException {
        SlowDisk disk = new SlowDisk(home);
        int victim = 0; // it has the controller, at first
        try (ClusterProcesses cluster = ClusterProcesses.create("SlowDiskTest", home, NODES, Map.of())) {
            cluster.node(victim).on(cluster.node(victim).host(), disk.prefix());
            cluster.form();
            int[] round = {0};
            Fault.underLoad(cluster, "slow-disk", LONG ? 20 : 1, (nodes, load, name) -> {
                Duration delay = DELAYS.get(round[0]++ % DELAYS.size());
                disk.delay(delay);
                if (delay.compareTo(REQUEST_TIMEOUT) < 0) {
                    load.awaitProgress(Fault.SOME, name + ", a sync takes " + delay);
                } else {
                    Fault.lasts(delay.multipliedBy(2)); // clients give each attempt up
                }
                disk.delay(Duration.ZERO);
                load.awaitRecovery(RECOVERY_MAX, name + ", a sync took " + delay);
            });
        }
    }
}
