package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
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

/** The disk of one node of three has no room left: the others go on, and once there is room all copies become the same. Skipped without root. */
class FullDiskTest {

    private static final int NODES = 3;
    private static final int VICTIM = 2;
    private static final int SOME = 500;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path home;

    private Path disk;

    @BeforeEach
    void mount() throws IOException {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "forms clusters otherwise");
        disk = Files.createDirectories(home.resolve("node" + VICTIM));
        Assumptions.assumeTrue(RootCommand.works("mount -t tmpfs -o size=48m tmpfs " + disk), "needs to mount a disk");
    }

    @AfterEach
    void unmount() {
        RootCommand.run("umount " + disk);
    }

    @Test
    @EnabledIfSystemProperty(named = "sluice.long", matches = "true")
    void shouldGoOnWithoutTheFullNodeAndTakeItBack() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.create("FullDiskTest", home, NODES, Map.of())) {
            cluster.start(0, 1, 2);
            ClusterProcesses.awaitNodes(cluster.node(0), NODES, LIMIT);
            cluster.awaitMetadataReplicas(NODES);
            try (ReplicatedLoad load = new ReplicatedLoad(cluster)) {
                load.awaitProgress(SOME, "before the disk is full");
                cluster.node(VICTIM).log().expect("No space left on device");
                int led = ProduceProbe.partitionLedBy(cluster.node(VICTIM));
                int ledByOther = ProduceProbe.partitionLedBy(cluster.node(0));
                Path ballast = fill();
                Awaitility.await("an error").atMost(LIMIT).until(() -> ProduceProbe.answer(cluster.node(VICTIM), led),
                        Errors.KAFKA_STORAGE_ERROR::equals);
                assertThat(ProduceProbe.answer(cluster.node(0), ledByOther)).as("two of three have room")
                        .isEqualTo(Errors.NONE);
                Files.delete(ballast);
                load.awaitProgress(SOME, "with room again");
                load.finishAndVerify();
            }
            cluster.assertNoUnexpectedError();
        }
    }

    private Path fill() throws IOException {
        Path ballast = disk.resolve("ballast");
        byte[] some = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(some);
            }
        } catch (IOException full) {
            return ballast;
        }
    }
}
