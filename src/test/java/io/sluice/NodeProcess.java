package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A real node: one {@code bin/sluice start} process on loopback. It keeps its data directory and its port, so a
 * client that was told the address once finds the node again after {@link #kill} and {@link #start}. Not thread-safe: the test's thread
 * drives it. Whatever happens to the test, no node outlives this JVM.
 */
final class NodeProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Pattern READY = Pattern
            .compile("\\bready\\b.*?\\b(\\d+\\.\\d+\\.\\d+\\.\\d+:\\d+)(?:, node (\\d+))?");
    private static final int EXIT_BY_SIGTERM = 128 + 15;
    private static final Set<Process> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVE.forEach(Process::destroyForcibly)));
    }

    private final Path data;
    private final Map<String, String> settings;
    private final NodeLog log;
    private String listen = "127.0.0.1:" + FreePorts.next();
    private String cluster = "127.0.0.1:0";
    private List<String> seeds = List.of();
    private List<String> prefix = List.of();
    private int seenAtLaunch;
    private int id = -1;
    private Process process;

    private NodeProcess(Path data, Path log, Map<String, String> settings) {
        this.data = data;
        this.settings = new LinkedHashMap<>(settings);
        this.log = new NodeLog(log);
    }

    /**
     * A node that is not started yet.
     *
     * @param name of its log, {@code target/nodes/NAME.log}, which stays after the run
     * @param home holds the data directory; what is under it belongs to the node
     */
    static NodeProcess create(String name, Path home, Map<String, String> settings) {
        try {
            Path logs = Files.createDirectories(NodeCommand.ROOT.resolve("target/nodes"));
            Path log = logs.resolve(name + ".log");
            Files.deleteIfExists(log);
            Files.createFile(log);
            return new NodeProcess(home.resolve("data"), log, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives it a cluster address and the seeds to join. */
    NodeProcess in(String clusterAddress, List<String> seedAddresses) {
        cluster = clusterAddress;
        seeds = List.copyOf(seedAddresses);
        return this;
    }

    /**
     * Has it listen for clients on another host than 127.0.0.1, and run by another command.
     *
     * @param commandPrefix goes before the node's command line; must become the node's process
     */
    NodeProcess on(String host, List<String> commandPrefix) {
        listen = host + listen.substring(listen.lastIndexOf(':'));
        prefix = List.copyOf(commandPrefix);
        return this;
    }

    /** Starts the process and waits until it says that it is ready. */
    NodeProcess start() {
        return launch().awaitReady();
    }

    /** Starts the process. */
    NodeProcess launch() {
        assertThat(isAlive()).as("already started").isFalse();
        seenAtLaunch = log.size();
        try {
            File out = log.file().toFile();
            ProcessBuilder command = NodeCommand.start(data, listen, cluster, seeds, settings);
            command.command().addAll(0, prefix);
            process = command.redirectErrorStream(true).redirectOutput(Redirect.appendTo(out)).start();
            LIVE.add(process);
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Waits until the process that was launched says that it is ready. */
    NodeProcess awaitReady() {
        return awaitReady(seenAtLaunch);
    }

    /** Waits for a ready line after the first {@code seen} lines of the log. */
    NodeProcess awaitReady(int seen) {
        Awaitility.await("the node's ready line in " + log.file()).atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    boolean alive = isAlive();
                    boolean ready = findReady(seen);
                    if (!ready && !alive) {
                        throw new AssertionError("the node ended with " + process.exitValue() + ": "
                                + log.linesAfter(seen));
                    }
                    return ready;
                });
        return this;
    }

    private boolean findReady(int seen) {
        for (String line : log.linesAfter(seen)) {
            Matcher matcher = READY.matcher(line);
            if (matcher.find()) {
                listen = matcher.group(1);
                id = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
                return true;
            }
        }
        return false;
    }

    /** Changes a setting of the next start. */
    NodeProcess set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** Ends the process as {@code kill -9} does, and waits until it is gone. */
    void kill() {
        killNow();
        awaitExit();
    }

    /** As {@link #kill}, but does not wait. */
    void killNow() {
        process.destroyForcibly();
    }

    /** Asks the process to end as {@code kill} does; it has to do so in time and without an error code. */
    void stop() {
        process.destroy();
        assertThat(awaitExit()).as("exit code of a graceful stop").isIn(0, EXIT_BY_SIGTERM);
    }

    /** Sends a signal by its name, such as STOP or CONT. */
    void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
            assertThat(status).as("kill -%s", name).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void restart() {
        stop();
        start();
    }

    /** Waits for the process to end; its exit code. */
    int awaitExit() {
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("the node did not end within " + STOP_LIMIT + ", see " + log.file());
            }
            LIVE.remove(process);
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the node stops", e);
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The address of the client listener, {@code host:port}. */
    String bootstrap() {
        return listen;
    }

    /** Its node id, once it was ready. */
    int id() {
        return id;
    }

    /** The process id. */
    long pid() {
        return process.pid();
    }

    /** The host of the client listener. */
    String host() {
        return listen.substring(0, listen.lastIndexOf(':'));
    }

    int port() {
        return Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    }

    Path data() {
        return data;
    }

    NodeLog log() {
        return log;
    }

    /** Ends the process if it still runs, not gently: what a graceful stop does is the subject of tests that call {@link #stop}. */
    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
    }
}
