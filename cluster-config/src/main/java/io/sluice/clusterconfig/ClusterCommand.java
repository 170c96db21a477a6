package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.Connection;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.OutputFormat;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice cluster}: what a cluster looks like to a Kafka client, so it works with any broker. */
@Command(name = "cluster", description = "Shows the nodes of a cluster, what they lead, partitions that lack replicas, and what is being moved.", subcommands = {
        ClusterPlanCommand.class, ClusterDrainCommand.class, ClusterAddCommand.class,
        ClusterRemoveCommand.class}, mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
final class ClusterCommand implements Callable<Integer> {

    @Mixin
    private Connection connection;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "table", description = "table or json; default ${DEFAULT-VALUE}.")
    private OutputFormat output;

    @Spec
    private CommandSpec spec;

    /** The connection that the subcommands use, too. */
    Connection connection() {
        return connection;
    }

    @Override
    public Integer call() throws InterruptedException {
        ClusterOverview overview = ClusterOverview.of(connection.ask(ClusterView::ask));
        PrintWriter out = spec.commandLine().getOut();
        out.print(output == OutputFormat.JSON ? overview.toJson() : overview.toTable());
        out.flush();
        return ExitCode.STOPPED.number();
    }
}
