package io.sluice.persistence.replication;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

    /** Whether somebody promised of whom this holds. */
    boolean any(Predicate<ReplicaReply.Promise> holds) {
        return promises.values().stream().anyMatch(holds);
    }

    /** Which of some replicas gave no promise, and whether enough did that the suspect ones among them are the reason to wait. */
    Shortage shortage(Collection<ReplicaId> replicas) {
        List<ReplicaId> missing = replicas.stream().filter(replica -> !promises.containsKey(replica)).toList();
        int suspect = (int) replicas.stream().map(promises::get)
                .filter(promise -> promise != null && promise.suspect()).count();
        int answered = replicas.size() - missing.size();
        return new Shortage(replicas.size(), missing, answered > replicas.size() / 2 ? suspect : 0);
    }

    /** The most advanced of those that qualify, null if none does. Among equals the own is best: nothing needs to be copied. */
    private ReplicaReply.Promise best(Predicate<ReplicaReply.Promise> qualifies) {
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

    /**
     * The log to adopt, null while promises are missing. It takes a majority of whole replicas, and then it is the most advanced of theirs: what none of
     * them has was never committed. Where so many are suspect, it takes all, and is the best that is left.
     *
     * @param qualifies whose log may be adopted
     * @param counted the replicas that decide for that log
     */
    ReplicaReply.Promise toAdopt(Predicate<ReplicaReply.Promise> qualifies,
            Function<ReplicaReply.Promise, ReplicaSet> counted) {
        ReplicaReply.Promise whole = best(qualifies.and(ClaimRound::isWhole));
        if (whole != null
                && upTo(whole, counted.apply(whole), ClaimRound::isWhole) >= counted.apply(whole).majority()) {
            return whole;
        }
        ReplicaReply.Promise best = best(qualifies);
        boolean all = best != null
                && upTo(best, counted.apply(best), promise -> true) == counted.apply(best).members().size();
        return all ? best : null;
    }

    private static boolean isWhole(ReplicaReply.Promise promise) {
        return !promise.suspect();
    }

    /** How many of some replicas promised, count, and are no more advanced than {@code most}. */
    private int upTo(ReplicaReply.Promise most, ReplicaSet replicas, Predicate<ReplicaReply.Promise> counts) {
        int count = 0;
        for (ReplicaId member : replicas.members()) {
            ReplicaReply.Promise promise = promises.get(member);
            if (promise != null && counts.test(promise) && ADVANCE.compare(promise, most) <= 0) {
                count++;
            }
        }
        return count;
    }
}
