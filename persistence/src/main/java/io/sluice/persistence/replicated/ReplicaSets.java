package io.sluice.persistence.replicated;

import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who knows which replicas a log has. Safe for any thread; nothing blocks. */
public interface ReplicaSets {

    /**
     * How to know which replicas a log has: the configuration as this node knows it, which may be outdated, or that the log says so itself; empty if the
     * log is not replicated.
     */
    Optional<Replicas> of(String log);

    /** How many replicas of a log must hold an entry before it is acknowledged, where that is more than the majority. */
    default int minInSync(String log) {
        return 1;
    }

    /** Whether this node may keep a copy of a log now: it or its topic is known. What another node sends for others is ignored. */
    boolean isKnown(String log);

    /** The configuration in force of a log that does not hold it itself, read where configurations are changed, and not from a copy. */
    CompletionStage<ReplicaSet> inForce(String log);

    /**
     * Replaces version {@code next.version() - 1} by {@code next} if it is still in force. Completes with what is in force then; fails if that is not
     * known.
     */
    CompletionStage<ReplicaSet> compareAndSet(String log, ReplicaSet next);
}
