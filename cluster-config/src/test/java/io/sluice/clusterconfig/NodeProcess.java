package io.sluice.clusterconfig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@link Main} in a JVM of its own, from this test's class path. */
final class NodeProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern READY = Pattern
            .compile(
                    "ready: Kafka clients on 127\\.0\\.0\\.1:(\\d+), node (\\d+) of cluster (\\S+) \\(127\\.0\\.0\\.1:(\\d+)\\)");

    private final Process process;
    private final Path out;
    private final Path err;

    /** @param home where its output goes, and its working directory */
    NodeProcess(Path home, String... arguments) throws IOException {
        out = Files.createTempFile(home, "node", ".out");
        err = Files.createTempFile(home, "node", ".err");
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(List.of(arguments));
        process = new ProcessBuilder(line).directory(home.toFile()).redirectOutput(out.toFile())
                .redirectError(err.toFile()).start();
        process.getOutputStream().close();
    }

    /** Waits for the ready line; the groups are Kafka port, node id, cluster id, cluster port. */
    Matcher awaitReady() {
        return Awaitility.await().atMost(LIMIT).until(() -> {
            Matcher ready = READY.matcher(read(out));
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + read(err));
            }
            return ready;
        }, Matcher::find);
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + read(out) + read(err));
        }
        return process.exitValue();
    }

    /** As {@code kill} does. */
    void terminate() {
        process.destroy();
    }

    List<String> errorLines() {
        return read(err).lines().filter(line -> !line.startsWith("WARNING: ")).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
