package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluice cluster remove}: has the cluster forget a node that is stopped and empty. Whether it is, the controller says. */
@Command(name = "remove", description = "Has the cluster forget a node that is stopped and holds nothing.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
final class ClusterRemoveCommand implements Callable<Integer> {

    @ParentCommand
    private ClusterCommand cluster;

    @Parameters(paramLabel = "NODE", description = "Id of the node.")
    private int node;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        return cluster.connection().ask(admin -> {
            admin.unregisterBroker(node).all().get();
            out.println("node " + node + " is removed");
            out.flush();
            return ExitCode.STOPPED.number();
        });
    }
}
