package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.clusterconfig.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each start that fails: a real process, one line, and the exit code that the documentation names. */
class StartFailureTest {

    @TempDir
    Path home;

    @Test
    void kafkaPortTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertRefused(ExitCode.LISTEN_ADDRESS, address, "--listen", address);
        }
    }

    @Test
    void clusterPortTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertRefused(ExitCode.CLUSTER_ADDRESS, address, "--cluster", address);
        }
    }

    @Test
    void notAnAddressOfThisMachine() throws Exception {
        assertRefused(ExitCode.LISTEN_ADDRESS, "cannot listen on 192.0.2.1:9: bind", "--listen", "192.0.2.1:9");
    }

    @Test
    void dataDirectoryInUse() throws Exception {
        Path data = Files.createDirectories(home.resolve("used"));
        try (FileChannel lock = FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            lock.lock();
            assertRefused(ExitCode.DATA_IN_USE, data.toString(), "--data", data.toString());
        }
    }

    @Test
    void dataDirectoryIsAFile() throws Exception {
        Path file = Files.createFile(home.resolve("file"));
        assertRefused(ExitCode.DATA_UNUSABLE, file + " is not a directory", "--data", file.resolve("data").toString());
    }

    @Test
    void dataDirectoryOfAnotherFormat() throws Exception {
        Path data = Files.createDirectories(home.resolve("old"));
        String text = "format=99\n";
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        Files.writeString(data.resolve("format"), text + "crc=" + Integer.toHexString((int) crc.getValue()) + "\n");
        assertRefused(ExitCode.DATA_FORMAT, "99", "--data", data.toString());
    }

    @Test
    void dataDirectoryOfAnotherNode() throws Exception {
        Path data = Files.createDirectories(home.resolve("other"));
        NodeIdentity.unnamed().of("cluster", 4).write(data);
        assertRefused(ExitCode.DATA_FOREIGN, "node 4", "--data", data.toString(), "--set", "node.id=5");
    }

    @Test
    void dataDirectoryOfAClusterWhoseMetadataIsGone() throws Exception {
        Path data = Files.createDirectories(home.resolve("foreign"));
        NodeIdentity.unnamed().of("some-other-cluster", 0).write(data);
        Path impatient = Files.writeString(home.resolve("impatient.conf"),
                "sluice { log-level = warn, controller.registration-timeout = 1s }");
        assertRefused(ExitCode.JOIN, "a majority of the nodes that hold the metadata must be up", "--data",
                data.toString(), "--config",
                impatient.toString());
    }

    @Test
    void wrongSetting() throws Exception {
        assertRefused(ExitCode.SETTING, "num.partitions", "--set", "num.partitons=3");
    }

    @Test
    void wrongSettingOfReplication() throws Exception {
        assertRefused(ExitCode.SETTING, "request-timeout", "--set", "sluice.replication.request-timeout=soon");
    }

    @Test
    void wrongSettingOfTheLog() throws Exception {
        assertRefused(ExitCode.SETTING, "sluice.persistence.log", "--set", "sluice.persistence.log.io-threads=0");
    }

    @Test
    void noSeedAnswers() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertRefused(ExitCode.JOIN, "127.0.0.1:" + port, "--seed", "127.0.0.1:" + port, "--set",
                "sluice.cluster.join-timeout=1s");
    }

    private void assertRefused(ExitCode code, String told, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("start", "--data", home.resolve("data").toString(), "--listen",
                "127.0.0.1:0", "--cluster", "127.0.0.1:0"));
        for (int i = 0; i < arguments.length; i += 2) { // an option may be given once
            int given = line.indexOf(arguments[i]);
            if (given >= 0) {
                line.set(given + 1, arguments[i + 1]);
            } else {
                line.addAll(List.of(arguments[i], arguments[i + 1]));
            }
        }
        try (NodeProcess node = new NodeProcess(home, line.toArray(String[]::new))) {
            assertThat(node.awaitExit()).as("exit code, with %s", node.errorLines()).isEqualTo(code.number());
            assertThat(node.errorLines()).singleElement().asString().startsWith("sluice: ").contains(told);
        }
    }
}
