package io.sluice;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a node is started: the command line of {@code bin/sluice start}, and the environment that it runs in. The system property
 * {@code sluice.command} names another program with the same arguments, {@code src/test/resources/apache-kafka/start} for example, which
 * runs the tests against Apache Kafka.
 */
final class NodeCommand {

    static final Path ROOT = Path.of(System.getProperty("sluice.root", "")).toAbsolutePath();
    private static final Path COMMAND = ROOT.resolve(System.getProperty("sluice.command", "bin/sluice"));

    private NodeCommand() {
    }

    /** True when the node under test is Apache Kafka, so a test of what only Sluice has makes no sense. */
    static boolean isApacheKafka() {
        return COMMAND.getParent().endsWith("apache-kafka");
    }

    /** A node of its own. */
    static ProcessBuilder start(Path data, String listen, Map<String, String> settings) {
        return start(data, listen, "127.0.0.1:0", List.of(), settings);
    }

    static ProcessBuilder start(Path data, String listen, String cluster, List<String> seeds,
            Map<String, String> settings) {
        List<String> line = new ArrayList<>(List.of(COMMAND.toString(), "start", "--data", data.toString(), "--listen",
                listen, "--cluster", cluster));
        seeds.forEach(seed -> line.addAll(List.of("--seed", seed)));
        settings.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
        return environment(line).directory(data.getParent().toFile());
    }

    /** Another command of {@code bin/sluice}. */
    static ProcessBuilder command(String... arguments) {
        List<String> line = new ArrayList<>(List.of(COMMAND.toString()));
        line.addAll(List.of(arguments));
        return environment(line);
    }

    private static ProcessBuilder environment(List<String> line) {
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
