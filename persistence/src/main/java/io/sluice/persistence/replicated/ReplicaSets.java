package io.sluice.persistence.replicated;

import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who knows which replicas a log has. Safe for any thread; nothing blocks. */
public interface ReplicaSets {

    /**
     * How to know which replicas a log has: the configuration as this node knows it, which may be outdated, or that the log says so itself; empty if this
     * node holds the only one, has done so from the beginning (version 0) and nobody wants to change that.
     */
    Optional<Replicas> of(String log);

    /** How many replicas of a log must hold an entry before it is acknowledged, where that is more than the majority. */
    default int minInSync(String log) {
        return 1;
    }

    /** The settings of a log, to be kept by each of its replicas; empty if it has none of its own. Asked whenever a leader begins its term. */
    default Optional<LogConfig> config(String log) {
        return Optional.empty();
    }

    /** What people call a replica in messages, such as its node. */
    default String nameOf(ReplicaId replica) {
        return "replica " + replica;
    }

    /** Whether this node may keep a copy of a log now: it or its topic is known. What another node sends for others is ignored. Asked where a copy may be made. */
    boolean isKnown(String log);

    /**
     * Replaces version {@code next.version() - 1} by {@code next} if it is still in force. Completes with what is in force then; fails if that is not
     * known.
     */
    CompletionStage<ReplicaSet> compareAndSet(String log, ReplicaSet next);
}
