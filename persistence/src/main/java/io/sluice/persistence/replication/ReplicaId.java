package io.sluice.persistence.replication;

/**
 * One replica's identity: a disk in a node. A wiped or replaced disk is another replica, and the old one never answers again.
 *
 * @param node the node's id
 * @param diskId made together with the data directory
 */
public record ReplicaId(int node, String diskId) {
    @Override
    public String toString() {
        return node + "@" + diskId;
    }
}
