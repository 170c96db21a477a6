package io.sluice.clusterconfig;

import java.nio.file.Path;

/**
 * Where a started node serves, and as who.
 *
 * @param kafka where Kafka clients connect
 * @param cluster where other nodes connect
 * @param nodeId its id in the cluster
 * @param clusterId the cluster's id
 * @param data its data directory
 */
record ServingNode(HostPort kafka, HostPort cluster, int nodeId, String clusterId, Path data) {

    /** One line for the person who started it. */
    String describe() {
        return "Kafka clients on " + kafka + ", node " + nodeId + " of cluster " + clusterId + " (" + cluster
                + "), data in " + (data.isAbsolute() ? data : Path.of(".").resolve(data.normalize())) + ", pid "
                + ProcessHandle.current().pid();
    }
}
