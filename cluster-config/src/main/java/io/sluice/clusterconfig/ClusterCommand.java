package io.sluice.clusterconfig;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice cluster}: what a cluster looks like to a Kafka client, so it works with any broker. */
@Command(name = "cluster", description = "Shows the nodes of a cluster, what they lead, and partitions that lack replicas.", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, usageHelpAutoWidth = true)
final class ClusterCommand implements Callable<Integer> {

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:9092", description = "A node's Kafka address, or several with commas; default ${DEFAULT-VALUE}.")
    private String bootstrap;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "table", description = "table or json; default ${DEFAULT-VALUE}.")
    private Format output;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "10", description = "How long to wait for an answer; default ${DEFAULT-VALUE} s.")
    private int seconds;

    @Spec
    private CommandSpec spec;

    /** How the answer is written. */
    enum Format {
        TABLE, JSON
    }

    @Override
    public Integer call() throws InterruptedException {
        // the client would log every attempt; its failure is told here
        StderrLogging.setLevel("error");
        PrintWriter out = spec.commandLine().getOut();
        ClusterOverview overview = look();
        out.print(output == Format.JSON ? overview.toJson() : overview.toTable());
        out.flush();
        return ExitCode.STOPPED.number();
    }

    private ClusterOverview look() throws InterruptedException {
        long millis = Duration.ofSeconds(seconds).toMillis();
        Map<String, Object> client = Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", (int) millis,
                "request.timeout.ms", (int) millis);
        Admin admin;
        try {
            admin = Admin.create(client);
        } catch (KafkaException e) {
            throw new StartException(ExitCode.USAGE, "--bootstrap " + bootstrap + ": "
                    + Failures.reason(e.getCause() == null ? e : e.getCause()) + "; write HOST:PORT", e);
        }
        try (admin) {
            return ClusterOverview.ask(admin);
        } catch (ExecutionException e) {
            throw new StartException(ExitCode.UNREACHABLE, "no answer from " + bootstrap + " within " + seconds
                    + " s (" + Failures.reason(e)
                    + "); check that a node runs there and is ready, and give its Kafka address with --bootstrap",
                    e);
        }
    }
}
