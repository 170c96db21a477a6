package io.sluice.clusterconfig;

import io.sluice.actors.config.BrokerConfigs;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.KnownNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code sluice cluster add}: takes a drain back. A node that is new needs no command: it gets its share once it has joined. */
@Command(name = "add", description = "Gives a drained node its share again. A new node needs no command: it gets its share once it has joined.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
final class ClusterAddCommand extends ClusterNodeCommand {

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        return cluster.connection().ask(admin -> {
            ClusterView view = ClusterView.ask(admin);
            KnownNode.require(view.nodes().keySet(), node);
            if (!view.isUp(node)) {
                throw new StartException(ExitCode.REFUSED,
                        "node " + node + " is down; start it, and ask again if it was being drained");
            }
            if (view.isDraining(node)) {
                NodeSetting.alter(admin, node, BrokerConfigs.NODE_DRAINING, null);
                out.println("node " + node + " gets its share again");
            } else {
                out.println("node " + node + " is not being drained; it has " + view.replicasOn(node)
                        + " replica(s) and gets its share by itself");
            }
            out.flush();
            return ExitCode.STOPPED.number();
        });
    }
}
