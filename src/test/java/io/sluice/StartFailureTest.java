package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that cannot start ends soon, with an exit code that tells the kind of failure and one line that tells cause and cure. */
class StartFailureTest {

    private static final String ANY_PORT = "127.0.0.1:0";
    private static final int LIMIT_SECONDS = 30;

    @TempDir
    Path home;

    @BeforeAll
    static void onlySluice() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "the exit codes are Sluice's own");
    }

    @Test
    void shouldSayThatThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();
            assertFails(4, home.resolve("data"), listen, Map.of(), listen, "taken", "--listen");
        }
        // and has let go of the data directory
        try (NodeProcess node = NodeProcess.create("StartFailureTest-after-port", home, Map.of())) {
            node.start();
        }
    }

    @Test
    void shouldSayThatAnotherNodeHasTheDataDirectory() {
        try (NodeProcess owner = NodeProcess.create("StartFailureTest-owner", home, Map.of()).start()) {
            assertFails(6, owner.data(), ANY_PORT, Map.of(), owner.data().toString(), "in use");
            assertThat(owner.isAlive()).isTrue();
            owner.stop();
            owner.log().assertNoUnexpectedError();
        }
    }

    @Test
    void shouldSayThatTheDataDirectoryIsAFile() throws IOException {
        Path file = Files.createFile(home.resolve("data"));
        assertFails(7, file, ANY_PORT, Map.of(), file.toString(), "directory");
    }

    @Test
    void shouldSayThatItCannotWrite() {
        // /proc takes no directory, whoever asks; file modes would not stop root, who runs the tests in CI
        Path unwritable = Path.of("/proc/sluice/data");
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc")));
        assertFails(7, unwritable, ANY_PORT, Map.of(), unwritable.toString());
    }

    @Test
    void shouldSayThatAnotherVersionWroteTheData() throws IOException {
        Path data = Files.createDirectories(home.resolve("data"));
        Files.writeString(data.resolve("format"), withChecksum("format=999\n"));
        assertFails(8, data, ANY_PORT, Map.of(), data.toString(), "format 999");
    }

    /** As the small files of a data directory end. */
    private static String withChecksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(UTF_8));
        return text + "crc=" + Long.toHexString(crc.getValue()) + "\n";
    }

    @Test
    void shouldNameASettingThatIsNone() {
        Path data = home.resolve("data");
        assertFails(3, data, ANY_PORT, Map.of("sluice.log.flosh", "os"), "sluice.log.flosh", "sluice.log.flush");
        assertFails(3, data, ANY_PORT, Map.of("zookeeper.connect", "localhost:2181"), "zookeeper.connect");
        assertFails(3, data, ANY_PORT, Map.of("num.partitions", "many"), "num.partitions", "many");
        assertThat(data).as("nothing is made by a wrong command line").doesNotExist();
    }

    private void assertFails(int code, Path data, String listen, Map<String, String> settings, String... mentioned) {
        Path out = home.resolve("out");
        Path err = home.resolve("err");
        try {
            Process process = NodeCommand.start(data, listen, settings).directory(home.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile()).start();
            try {
                assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("ended within %d s", LIMIT_SECONDS)
                        .isTrue();
                List<String> lines = Files.readAllLines(err);
                assertThat(lines).singleElement().asString().startsWith("sluice: ").contains(mentioned);
                assertThat(out).isEmptyFile();
                assertThat(process.exitValue()).isEqualTo(code);
            } finally {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
