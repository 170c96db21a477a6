package io.sluice.clusterconfig.cli;

import java.util.Collection;
import java.util.stream.Collectors;

/** Refuses nodes that are none. */
public final class KnownNode {

    private KnownNode() {
    }

    /**
     * Checks that a cluster has a node.
     *
     * @param nodes ids of the cluster's nodes
     * @throws CommandException NOT_FOUND if it has not
     */
    public static void require(Collection<Integer> nodes, int node) {
        if (!nodes.contains(node)) {
            throw new CommandException(ExitCode.NOT_FOUND, "there is no node " + node + "; the cluster has "
                    + nodes.stream().sorted().map(String::valueOf).collect(Collectors.joining(", ")));
        }
    }
}
