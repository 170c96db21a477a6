package io.sluice.persistence.replication;

import java.util.Collection;
import java.util.List;
import java.util.Set;

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

    /** Whether others have the same members; their order, which says who is preferred, does not matter to the protocol. */
    public boolean hasMembers(Collection<ReplicaId> others) {
        return Set.copyOf(members).equals(Set.copyOf(others));
    }

    /** The least number of members that is more than half of them. */
    public int majority() {
        return members.size() / 2 + 1;
    }
}
