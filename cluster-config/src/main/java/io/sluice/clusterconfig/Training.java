package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts a node, lets it serve a little, and stops it, so that the JVM can note which classes that takes and {@code bin/sluice} can start the next node
 * from them. Ends with status 0 if all went well.
 */
public final class Training {

    private Training() {
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        Path data = Files.createTempDirectory("sluice-training");
        int status;
        try {
            status = Cli.run(new String[]{"start", "--data", data.toString(), "--listen", "127.0.0.1:0", "--cluster",
                    "127.0.0.1:0"}, Map.of(), sources -> practise(sources), out, out);
        } finally {
            delete(data);
        }
        // the JVM writes the archive on its way out, so the end must be an ordinary one
        System.exit(status);
    }

    private static ExitCode practise(SettingsSources sources) {
        NodeSettings settings = new SettingsLoader().load(sources);
        Node node = new Node(settings, new StartTrace(), new StartLimit(settings.startTimeout()), () -> {
        });
        try {
            node.start();
            TrainingLoad.run(node.serving().kafka());
        } finally {
            node.stop();
        }
        return ExitCode.STOPPED;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        }
    }
}
