package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A tool, an application or a client that runs beside the node until the test ends it. What it prints goes to {@code target/clients/NAME.log},
 * which stays after the run. Whatever happens to the test, it does not outlive this JVM.
 */
final class ChildProcess implements AutoCloseable {

    private static final long STOP_LIMIT_SECONDS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Process> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVE.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final Path printed;

    private ChildProcess(Process process, Path printed) {
        this.process = process;
        this.printed = printed;
    }

    /** Starts it, with nothing to read from its standard input. */
    static ChildProcess start(String name, ProcessBuilder command) {
        try {
            Path printed = Files.createDirectories(NodeCommand.ROOT.resolve("target/clients")).resolve(name + ".log");
            Process process = command.redirectErrorStream(true).redirectOutput(Redirect.to(printed.toFile())).start();
            LIVE.add(process);
            process.getOutputStream().close();
            return new ChildProcess(process, printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole lines that it has printed so far, errors among them. */
    List<String> lines() {
        try {
            String text = Files.readString(printed, StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has told in lines of JSON that have this name, as Kafka's verifiable tools do. */
    List<JsonNode> events(String name) {
        List<JsonNode> events = new ArrayList<>();
        for (String line : lines()) {
            if (line.startsWith("{") && line.contains('"' + name + '"')) {
                events.add(parse(line));
            }
        }
        return events;
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal by its name, such as STOP or CONT. */
    void signal(String name) {
        RootCommand.run("kill -" + name + " " + process.pid());
    }

    /** Fails the test if it has ended by itself. */
    void assertAlive() {
        assertThat(process.isAlive()).as("runs, see %s", printed).isTrue();
    }

    /** Asks it to end as {@code kill} does, and waits until it has. */
    void stop() {
        process.destroy();
        awaitExit();
    }

    /** Ends it as {@code kill -9} does, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    private void awaitExit() {
        try {
            assertThat(process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)).as("ended, see %s", printed).isTrue();
            LIVE.remove(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it if it still runs, not gently. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
