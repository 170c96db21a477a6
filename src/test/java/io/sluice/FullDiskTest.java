package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of one node of three has no room left, again and again: the others go on, and once there is room all copies become the same. Skipped without
 * root.
 */
class FullDiskTest {

    private static final int NODES = 3;
    private static final int VICTIM = 2;
    private static final int ROUNDS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private Path disk;

    @BeforeEach
    void mount() throws IOException {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
        disk = Files.createDirectories(home.resolve("node" + VICTIM));
        Assumptions.assumeTrue(RootCommand.works("mount -t tmpfs -o size=256m tmpfs " + disk), "needs to mount a disk");
    }

    @AfterEach
    void unmount() {
        RootCommand.run("umount " + disk);
    }

    @Test
    @EnabledIfSystemProperty(named = "sluice.long", matches = "true")
    void shouldGoOnWithoutTheFullNodeAndTakeItBack() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.create("FullDiskTest", home, NODES, Map.of())) {
            cluster.form();
            cluster.node(VICTIM).log().expect("No space left on device");
            Fault.underLoad(cluster, "full-disk", ROUNDS, this::fillForAWhile);
        }
    }

    private void fillForAWhile(ClusterProcesses cluster, ReplicatedLoad load, String round) {
        NodeProcess victim = cluster.node(VICTIM);
        int led = ProduceProbe.partitionLedBy(victim);
        int ledByOther = ProduceProbe.partitionLedBy(cluster.node(0));
        Path ballast = disk.resolve("ballast");
        fill(ballast);
        try {
            Awaitility.await("an error, " + round).atMost(LIMIT).until(() -> ProduceProbe.answer(victim, led),
                    Errors.KAFKA_STORAGE_ERROR::equals);
            assertThat(ProduceProbe.answer(cluster.node(0), ledByOther)).as("two of three have room, %s", round)
                    .isEqualTo(Errors.NONE);
            Files.delete(ballast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        load.awaitRecovery(RECOVERY_MAX, round);
    }

    private static void fill(Path ballast) {
        byte[] some = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(some);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }
}
