package io.sluice;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A Kafka client that is not ours and not Java, run as a child process. Where one is missing, its tests are skipped with the name of the
 * package to install; where {@code CI=true} or {@code -Dsluice.clients=required}, they fail instead.
 */
enum ForeignClient {

    KCAT("Debian package kcat", "kcat -V"), KAFKA_PYTHON(
            "Debian packages python3-kafka, python3-snappy, python3-lz4 and python3-zstandard",
            "/usr/bin/python3 -c 'import kafka, snappy, lz4.frame, zstandard'"), CONFLUENT_PYTHON(
                    "Debian package python3-confluent-kafka", "/usr/bin/python3 -c 'import confluent_kafka'"), KAFKAJS(
                            "npm package kafkajs by src/test/resources/clients/install",
                            "node -e \"require('kafkajs'); require('lz4-napi')\"");

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Path NODE_MODULES = Path.of(System.getProperty("user.home"), ".cache", "sluice", "clients",
            "node",
            "node_modules");
    private static final Map<ForeignClient, Boolean> PRESENT = new ConcurrentHashMap<>();

    private final String packages;
    private final String probe;

    ForeignClient(String packages, String probe) {
        this.packages = packages;
        this.probe = probe;
    }

    /** Skips the test, or fails it, when the client is not installed. */
    void require() {
        if (!isPresent()) {
            String reason = this + " is missing: install " + packages;
            if (isRequired()) {
                throw new AssertionError(reason);
            }
            Assumptions.abort(reason);
        }
    }

    static boolean isRequired() {
        return "true".equals(System.getenv("CI")) || "required".equals(System.getProperty("sluice.clients"));
    }

    boolean isPresent() {
        return PRESENT.computeIfAbsent(this, ForeignClient::probe);
    }

    private static boolean probe(ForeignClient client) {
        try {
            return builder(List.of("bash", "-c", client.probe)).redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs a command of this client to its end; a non-zero exit code or a run past two minutes fails the test with what it printed. */
    static void run(Path stdin, Path stdout, String... command) {
        run(stdin, stdout, Arrays.asList(command));
    }

    static void run(Path stdin, Path stdout, List<String> command) {
        try {
            Path stderr = Files.createTempFile("client", ".err");
            try {
                Process process = builder(command)
                        .redirectInput(stdin == null ? Redirect.PIPE : Redirect.from(stdin.toFile()))
                        .redirectOutput(stdout.toFile()).redirectError(stderr.toFile()).start();
                process.getOutputStream().close();
                boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
                if (!ended) {
                    process.destroyForcibly().waitFor();
                }
                if (!ended || process.exitValue() != 0) {
                    throw new AssertionError(
                            (ended ? "exit code " + process.exitValue() : "still running after " + LIMIT)
                                    + ": " + command + "\n" + tail(stderr));
                }
            } finally {
                Files.delete(stderr);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts a client that goes on until it is told to end. */
    static ChildProcess start(String name, List<String> command) {
        return ChildProcess.start(name, builder(command));
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Map.of("NODE_PATH", NODE_MODULES.toString(), "KAFKAJS_NO_PARTITIONER_WARNING", "1",
                "PYTHONDONTWRITEBYTECODE", "1"));
        return builder;
    }

    private static String tail(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return text.substring(Math.max(0, text.length() - 4000));
    }
}
