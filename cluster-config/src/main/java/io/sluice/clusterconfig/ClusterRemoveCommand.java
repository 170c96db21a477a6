package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code sluice cluster remove}: has the cluster forget a node that is stopped and empty. Whether it is, the controller says. */
@Command(name = "remove", description = "Has the cluster forget a node that is stopped and holds nothing.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
final class ClusterRemoveCommand extends ClusterNodeCommand {

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
