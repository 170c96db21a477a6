package io.sluice.persistence.replication;

import java.util.List;

/**
 * Who holds a log, as of one version of its configuration.
 *
 * @param version grows by one with every change
 * @param members the replicas, each once, preferred leader first
 */
public record ReplicaSet(int version, List<ReplicaId> members) {
    public ReplicaSet {
        members = List.copyOf(members);
    }

    /** The least number of members that is more than half of them. */
    public int majority() {
        return members.size() / 2 + 1;
    }
}
