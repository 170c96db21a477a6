package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Runs Kafka's own command-line tools and applications: child processes with nothing of Sluice on their class path. */
final class KafkaTools {

    private final Path files;

    /** @param files a directory for what they read and print */
    KafkaTools(Path files) {
        this.files = files;
    }

    /** What the tool prints. */
    String run(String mainClass, String... arguments) throws IOException {
        return run(null, true, mainClass, arguments);
    }

    /** What the tool prints when it is given these lines to read. */
    String runWith(List<String> input, String mainClass, String... arguments) throws IOException {
        return run(Files.write(files.resolve("tool.in"), input), true, mainClass, arguments);
    }

    /** What the tool prints when it cannot do what it should. */
    String failing(String mainClass, String... arguments) throws IOException {
        return run(null, false, mainClass, arguments);
    }

    /** Starts one that goes on until it is told to end. */
    static ChildProcess start(String name, String mainClass, String... arguments) {
        return ChildProcess.start(name, new ProcessBuilder(command(mainClass, arguments)));
    }

    /** The tool's arguments after the address of a node. */
    static String[] at(String bootstrap, String... arguments) {
        return Stream.concat(Stream.of("--bootstrap-server", bootstrap), Arrays.stream(arguments))
                .toArray(String[]::new);
    }

    private String run(Path input, boolean succeeds, String mainClass, String... arguments) throws IOException {
        Path out = files.resolve("tool.out");
        List<String> command = command(mainClass, arguments);
        try {
            ForeignClient.run(input, out, command);
        } catch (AssertionError e) {
            String printed = Files.readString(out) + e.getMessage();
            if (succeeds) {
                throw new AssertionError(printed, e);
            }
            return printed;
        }
        assertThat(succeeds).as("%s succeeded: %s", command, Files.readString(out)).isTrue();
        return Files.readString(out);
    }

    private static List<String> command(String mainClass, String... arguments) {
        try {
            List<String> command = new ArrayList<>(
                    List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                            "-Dlog4j2.configurationFile="
                                    + NodeCommand.ROOT.resolve("src/test/resources/apache-kafka/log4j2.xml"),
                            "-cp", Files.readString(NodeCommand.ROOT.resolve("target/kafka-tools.classpath")),
                            mainClass));
            command.addAll(List.of(arguments));
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
