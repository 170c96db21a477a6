package io.sluice.persistence.replication;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Collects promises and compares the logs of those who gave them: by synced epoch first and by length second. */
final class ClaimRound {
    private static final Comparator<ReplicaReply.Promise> ADVANCE = Comparator
            .comparingInt(ReplicaReply.Promise::synced).thenComparingLong(ReplicaReply.Promise::logEnd);

    private final ReplicaId self;
    private final Map<ReplicaId, ReplicaReply.Promise> promises = new HashMap<>();

    ClaimRound(ReplicaId self) {
        this.self = self;
    }

    /** Keeps the first promise of each; a replica that has promised does not change until it is synced. */
    void add(ReplicaReply.Promise promise) {
        promises.putIfAbsent(promise.header().source(), promise);
    }

    /** The promise of a replica, null if it gave none. */
    ReplicaReply.Promise of(ReplicaId id) {
        return promises.get(id);
    }

    /** The most advanced of those that qualify, null if none does. Among equals the own is best: nothing needs to be copied. */
    ReplicaReply.Promise best(Predicate<ReplicaReply.Promise> qualifies) {
        ReplicaReply.Promise best = null;
        for (ReplicaReply.Promise promise : promises.values()) {
            if (qualifies.test(promise)) {
                int order = best == null ? 1 : ADVANCE.compare(promise, best);
                if (order > 0 || (order == 0 && promise.header().source().equals(self))) {
                    best = promise;
                }
            }
        }
        return best;
    }

    /** Everything before was committed and deleted by somebody who promised. */
    long highestLogStart() {
        return promises.values().stream().mapToLong(ReplicaReply.Promise::logStart).max().orElse(0);
    }

    /** How many of some replicas promised and are no more advanced than {@code most}. */
    int upTo(ReplicaReply.Promise most, Collection<ReplicaId> members) {
        int count = 0;
        for (ReplicaId member : members) {
            ReplicaReply.Promise promise = promises.get(member);
            if (promise != null && ADVANCE.compare(promise, most) <= 0) {
                count++;
            }
        }
        return count;
    }
}
