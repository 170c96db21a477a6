package io.sluice.persistence.replication;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** Collects promises and finds the log to adopt: the most advanced of any majority, by synced epoch first and by length second. */
final class ClaimRound {
    private static final Comparator<ReplicaReply.Promise> ADVANCE = Comparator
            .comparingInt(ReplicaReply.Promise::synced).thenComparingLong(ReplicaReply.Promise::logEnd);

    private final ReplicaSet replicas;
    private final ReplicaId self;
    private final Map<ReplicaId, ReplicaReply.Promise> promises = new HashMap<>();

    ClaimRound(ReplicaSet replicas, ReplicaId self) {
        this.replicas = replicas;
        this.self = self;
    }

    /** Keeps the first promise of each; a replica that has promised does not change until it is synced. */
    void add(ReplicaReply.Promise promise) {
        promises.putIfAbsent(promise.header().source(), promise);
    }

    /**
     * The promise of the replica to recover from, null while promises are missing. The own one is always needed, because the leader works on that
     * copy; it counts only if it is one of the log's replicas. Among equals the own is best: nothing needs to be copied.
     */
    ReplicaReply.Promise best() {
        if (!promises.containsKey(self)) {
            return null;
        }
        ReplicaReply.Promise best = null;
        int counted = 0;
        for (ReplicaId member : replicas.members()) {
            ReplicaReply.Promise promise = promises.get(member);
            if (promise != null) {
                counted++;
                int order = best == null ? 1 : ADVANCE.compare(promise, best);
                if (order > 0 || (order == 0 && member.equals(self))) {
                    best = promise;
                }
            }
        }
        return counted >= replicas.majority() ? best : null;
    }
}
