package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Runs Kafka's own command-line tools: child processes with nothing of Sluice on their class path. */
final class KafkaTools {

    private final Path files;

    /** @param files a directory for what they print */
    KafkaTools(Path files) {
        this.files = files;
    }

    /** What the tool prints. */
    String run(String mainClass, String... arguments) throws IOException {
        return run(true, mainClass, arguments);
    }

    /** What the tool prints when it cannot do what it should. */
    String failing(String mainClass, String... arguments) throws IOException {
        return run(false, mainClass, arguments);
    }

    /** The tool's arguments after the address of a node. */
    static String[] at(String bootstrap, String... arguments) {
        return Stream.concat(Stream.of("--bootstrap-server", bootstrap), Arrays.stream(arguments))
                .toArray(String[]::new);
    }

    private String run(boolean succeeds, String mainClass, String... arguments) throws IOException {
        Path out = files.resolve("tool.out");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                        "-Dlog4j2.configurationFile="
                                + NodeCommand.ROOT.resolve("src/test/resources/apache-kafka/log4j2.xml"),
                        "-cp",
                        Files.readString(NodeCommand.ROOT.resolve("target/kafka-tools.classpath")), mainClass));
        command.addAll(List.of(arguments));
        try {
            ForeignClient.run(null, out, command);
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
}
