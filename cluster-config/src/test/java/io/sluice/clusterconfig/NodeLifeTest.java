package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node as a process: it says where it serves, stops with 0 when told to, and is the same node afterwards. */
class NodeLifeTest {

    @TempDir
    Path home;

    @Test
    void startsServesStopsAndIsTheSameNodeAgain() throws Exception {
        String cluster;
        try (NodeProcess node = start()) {
            Matcher ready = node.awaitReady();
            assertThat(ready.group(2)).isEqualTo("0");
            cluster = ready.group(3);
            TrainingLoad.run(new HostPort("127.0.0.1", Integer.parseInt(ready.group(1))));
            node.terminate();
            assertThat(node.awaitExit()).isZero();
            assertThat(node.errorLines()).noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
        }
        assertThat(Files.readString(home.resolve("data/node.json"))).contains(cluster);
        assertThat(home.resolve("data/stopped")).exists();

        try (NodeProcess again = start()) {
            assertThat(again.awaitReady().group(3)).isEqualTo(cluster);
            again.terminate();
            assertThat(again.awaitExit()).isZero();
        }
    }

    private NodeProcess start() throws java.io.IOException {
        return new NodeProcess(home, "start", "--data", "data", "--listen", "127.0.0.1:0", "--cluster", "127.0.0.1:0");
    }
}
