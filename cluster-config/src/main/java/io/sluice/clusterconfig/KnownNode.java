package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import java.util.stream.Collectors;

/** Refuses nodes that are none. */
final class KnownNode {

    private KnownNode() {
    }

    /**
     * Checks that a node is registered.
     *
     * @throws StartException if it is not
     */
    static void require(ClusterView view, int node) {
        if (!view.nodes().containsKey(node)) {
            throw new StartException(ExitCode.REFUSED, "there is no node " + node + "; the cluster has "
                    + view.nodes().keySet().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
    }
}
