package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code sluice cluster remove}: has the cluster forget a node that is stopped and empty. Whether it is empty, the controller says. */
@Command(name = "remove", description = "Has the cluster forget a node that is stopped and holds nothing.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
final class ClusterRemoveCommand extends ClusterNodeCommand {

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        return cluster.connection().ask(admin -> {
            // Sluice's controller would refuse it; Apache Kafka's would fence the broker until it is started again
            if (admin.describeCluster().nodes().get().stream().anyMatch(up -> up.id() == node)) {
                throw new StartException(ExitCode.REFUSED,
                        "node " + node + " is up; stop it first, and see sluice cluster drain");
            }
            admin.unregisterBroker(node).all().get();
            out.println("node " + node + " is removed");
            out.flush();
            return ExitCode.STOPPED.number();
        });
    }
}
