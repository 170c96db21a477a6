package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.KnownNode;
import io.sluice.clusterconfig.cli.OutputFormat;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluice cluster plan}: what would move so that each node has its share. Changes nothing. */
@Command(name = "plan", description = "Shows what would move so that each node has its share; changes nothing. The JSON form is one that kafka-reassign-partitions --execute takes.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
final class ClusterPlanCommand implements Callable<Integer> {

    @ParentCommand
    private ClusterCommand cluster;

    @Option(names = "--drain", paramLabel = "NODE", description = "Plan as if this node were drained; repeat for more.")
    private List<Integer> drained = List.of();

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "table", description = "table or json; default ${DEFAULT-VALUE}.")
    private OutputFormat output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        ClusterView view = cluster.connection().ask(ClusterView::ask);
        drained.forEach(node -> KnownNode.require(view.nodes().keySet(), node));
        ClusterPlan plan = ClusterPlan.of(view, drained::contains);
        PrintWriter out = spec.commandLine().getOut();
        out.print(output == OutputFormat.JSON ? plan.toJson() : plan.toTable());
        out.flush();
        return ExitCode.STOPPED.number();
    }
}
