package io.sluice.persistence.replication;

import io.sluice.persistence.log.ConfigurationEntry;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The replicas of a log that says itself which they are: those of its last configuration entry, committed or not. Nothing is remembered from any other
 * log than the one this leader has or is about to adopt; an entry of another may never have been committed.
 */
final class SelfHostedMembership implements Membership {
    private static final int NO_VERSION = 0;

    private final ReplicaId self;
    private final LeaderSettings settings;
    private final boolean bootstrap;
    private final Set<ReplicaId> asked;
    private final Set<ReplicaId> learners = new LinkedHashSet<>();
    /** Who counted before the entry that is not committed yet. */
    private final Set<ReplicaId> leaving = new LinkedHashSet<>();
    private ReplicaSet replicas = new ReplicaSet(NO_VERSION, List.of());
    private Quorum commitQuorum;
    /** Where the entry is that names them; -1 if there is none. */
    private long changedAt = -1;
    private boolean recovered;
    private boolean selfLeft;

    SelfHostedMembership(Replicas.SelfHosted log, ReplicaId self, LeaderSettings settings) {
        this.self = self;
        this.settings = settings;
        this.bootstrap = log.bootstrap();
        this.asked = new LinkedHashSet<>(log.known());
    }

    @Override
    public ReplicaSet replicas() {
        return replicas;
    }

    @Override
    public Set<ReplicaId> followed() {
        if (!recovered) {
            return asked;
        }
        Set<ReplicaId> followed = new LinkedHashSet<>(replicas.members());
        followed.addAll(leaving);
        followed.addAll(learners);
        return followed;
    }

    @Override
    public Quorum commitQuorum() {
        return commitQuorum;
    }

    @Override
    public boolean promised(ReplicaReply.Promise promise) {
        return asked.addAll(ids(promise.configuration().replicas()));
    }

    @Override
    public ReplicaReply.Promise best(ClaimRound claims) {
        if (!claims.any(SelfHostedMembership::namesReplicas)) {
            ReplicaReply.Promise own = claims.of(self);
            return bootstrap && own != null && own.logEnd() == 0 ? own : null;
        }
        return claims.toAdopt(SelfHostedMembership::namesReplicas,
                promise -> new ReplicaSet(NO_VERSION, ids(promise.configuration().replicas())));
    }

    private static boolean namesReplicas(ReplicaReply.Promise promise) {
        return !promise.configuration().entries().isEmpty();
    }

    @Override
    public void recovered(ReplicaReply.Promise own) {
        recovered = true;
        count(own.configuration().entries().isEmpty() ? List.of(self) : ids(own.configuration().replicas()),
                own.configuration().offset());
    }

    private void count(List<ReplicaId> members, long offset) {
        replicas = new ReplicaSet(NO_VERSION, members);
        commitQuorum = Quorum.Of.atLeast(settings.minInSync(), replicas);
        changedAt = offset;
    }

    /** Whether the log says which replicas it has; if not, that must be its first entry. */
    boolean isConfigured() {
        return changedAt >= 0;
    }

    /** Whether an entry may name these replicas: one at a time, and the last change is committed. */
    boolean mayAppend(List<ReplicaId> members, long highWatermark) {
        Set<ReplicaId> next = new HashSet<>(members);
        if (next.isEmpty() || next.size() < members.size()) {
            return false;
        }
        return isConfigured() ? highWatermark > changedAt && difference(next) == 1 : next.equals(Set.of(self));
    }

    private int difference(Set<ReplicaId> next) {
        Set<ReplicaId> both = new HashSet<>(replicas.members());
        both.retainAll(next);
        return replicas.members().size() + next.size() - 2 * both.size();
    }

    void appended(ConfigurationEntry entry) {
        leaving.addAll(replicas.members());
        count(ids(entry.replicas()), entry.offset());
        learners.removeAll(replicas.members());
    }

    void learn(ReplicaId id) {
        if (!replicas.members().contains(id)) {
            learners.add(id);
        }
    }

    /** Whether the own replica was left out, and that is committed. */
    boolean selfLeft() {
        return selfLeft;
    }

    @Override
    public boolean advance(ToLongFunction<ReplicaId> acked, long highWatermark, long now) {
        if (leaving.isEmpty() || highWatermark <= changedAt) {
            return false;
        }
        selfLeft = leaving.contains(self) && !replicas.members().contains(self);
        leaving.clear();
        return true;
    }

    @Override
    public void tick(ToLongFunction<ReplicaId> acked, long now) {
        // nothing is asked of anybody
    }

    private static List<ReplicaId> ids(List<String> disks) {
        return disks.stream().map(ReplicaId::new).toList();
    }
}
