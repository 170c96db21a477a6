package io.sluice.persistence.replication;

import java.util.Set;
import java.util.function.ToLongFunction;

/** Who counts for a leader's log, who follows it besides, and how that changes. */
sealed interface Membership permits VersionedMembership, SelfHostedMembership {

    /** The replicas that count; the version is what claims go by. */
    ReplicaSet replicas();

    /** Who is claimed and brought up to date, whether it counts or not. The own replica is, whether it is among them or not. */
    Set<ReplicaId> followed();

    /** What must have an entry to commit it. */
    Quorum commitQuorum();

    /** One more replica promised, before the log to adopt was found. Returns whether {@link #followed} changed. */
    boolean promised(ReplicaReply.Promise promise);

    /** The promise of the replica to recover from, null while promises are missing. The own one is among {@code claims}. */
    ReplicaReply.Promise best(ClaimRound claims);

    /** The own log is recovered, and this is what it says of itself. */
    void recovered(ReplicaReply.Promise own);

    /**
     * Goes on with a change under way, while the leader is active. Returns whether {@link #followed} changed.
     *
     * @param acked how far each replica that follows is, -1 if it is not synced
     */
    boolean advance(ToLongFunction<ReplicaId> acked, long highWatermark, long now);

    /** Time passes while the leader is active or about to be. */
    void tick(ToLongFunction<ReplicaId> acked, long now);
}
