package io.sluice.persistence.replication;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** The replicas of a log whose configuration somebody else keeps. */
final class VersionedMembership implements Membership {
    private final Claimant claimant;
    private final LeaderSettings settings;
    private final LeaderOutput output;
    private ReplicaSet replicas;
    private Quorum commitQuorum;
    private int minInSync;
    private Reconfiguration reconfiguration;
    private boolean held;

    VersionedMembership(ReplicaSet replicas, Claimant claimant, LeaderSettings settings, LeaderOutput output) {
        this.replicas = replicas;
        this.claimant = claimant;
        this.settings = settings;
        this.output = output;
        minInSync(settings.minInSync());
    }

    /** How many replicas must have an entry to commit it from now on, where that is more than the majority. */
    void minInSync(int least) {
        minInSync = least;
        count();
    }

    private void count() {
        Quorum inForce = Quorum.Of.atLeast(minInSync, replicas);
        commitQuorum = reconfiguration != null && reconfiguration.isJoint()
                ? new Quorum.Both(inForce, Quorum.Of.atLeast(minInSync, reconfiguration.next()))
                : inForce;
    }

    @Override
    public ReplicaSet replicas() {
        return replicas;
    }

    @Override
    public Set<ReplicaId> followed() {
        Set<ReplicaId> followed = new LinkedHashSet<>(replicas.members());
        if (reconfiguration != null) {
            followed.addAll(reconfiguration.next().members());
        }
        return followed;
    }

    @Override
    public Quorum commitQuorum() {
        return commitQuorum;
    }

    @Override
    public boolean promised(ReplicaReply.Promise promise) {
        return false;
    }

    @Override
    public ReplicaReply.Promise best(ClaimRound claims) {
        return claims.toAdopt(promise -> replicas.members().contains(promise.header().source()), promise -> replicas);
    }

    @Override
    public void recovered(ReplicaReply.Promise own) {
        // what the log says does not matter here
    }

    /** Returns false if a change to other members is under way that cannot be taken back. */
    boolean mayReconfigure(List<ReplicaId> members) {
        return reconfiguration == null || !reconfiguration.isBegun() || reconfiguration.next().hasMembers(members);
    }

    void reconfigure(List<ReplicaId> members) {
        if (reconfiguration == null || !reconfiguration.next().hasMembers(members)) {
            reconfiguration = replicas.hasMembers(members)
                    ? null
                    : new Reconfiguration(replicas, members, claimant, settings, output);
        }
    }

    /** Whether a change that is not begun stays so: its replicas are brought up, and that is all. */
    void hold(boolean now) {
        held = now;
    }

    void onSealed(ReplicaReply.Sealed sealed) {
        if (reconfiguration != null) {
            reconfiguration.onSealed(sealed);
        }
    }

    /** A newer configuration is in force. Returns false if it is not the one that was asked for. */
    boolean inForce(ReplicaSet newer) {
        if (reconfiguration == null || !reconfiguration.isJoint()
                || newer.version() != reconfiguration.next().version()
                || !reconfiguration.next().hasMembers(newer.members())) {
            return false;
        }
        reconfiguration = null;
        replicas = newer;
        count();
        return true;
    }

    @Override
    public boolean advance(ToLongFunction<ReplicaId> acked, long highWatermark, long now) {
        if (reconfiguration != null && (!held || reconfiguration.isBegun())) {
            reconfiguration.advance(acked, highWatermark, now);
            count();
        }
        return false;
    }

    @Override
    public void tick(ToLongFunction<ReplicaId> acked, long now) {
        if (reconfiguration != null) {
            reconfiguration.tick(acked, now);
        }
    }
}
