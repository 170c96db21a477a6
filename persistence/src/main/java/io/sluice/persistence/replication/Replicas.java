package io.sluice.persistence.replication;

import java.util.Set;

/** How a leader learns which replicas its log has. */
public sealed interface Replicas {

    /**
     * Somebody else keeps that, and changes it by compare-and-set.
     *
     * @param configuration as this node knows it, which may be outdated
     */
    record Versioned(ReplicaSet configuration) implements Replicas {}

    /**
     * The log itself says it, in its last {@link io.sluice.persistence.log.ConfigurationEntry}.
     *
     * @param known replicas to ask besides those that the logs name, where this node's own copy is outdated or empty; asking makes nobody count
     * @param bootstrap whether this node's own replica, while its log is empty, is the only one of a new log. Its first entry must say so. Only for the
     *        one node that begins a cluster
     */
    record SelfHosted(Set<ReplicaId> known, boolean bootstrap) implements Replicas {
        public SelfHosted {
            known = Set.copyOf(known);
        }
    }
}
