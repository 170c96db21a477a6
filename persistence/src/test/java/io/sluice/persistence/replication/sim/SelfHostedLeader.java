package io.sluice.persistence.replication.sim;

import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.Replicas;
import java.util.List;

/** The shell of a leader whose log says which replicas it has: writes that down, and tells the leader before. */
final class SelfHostedLeader extends SimLeader {
    /** What the own log said when this leader began; only a broken rule looks at it. */
    private final ConfigurationHistory own;

    SelfHostedLeader(Simulation world, SimNode node, Replicas.SelfHosted replicas, int highestEpoch) {
        super(world, node, replicas, highestEpoch);
        this.own = store.configuration();
    }

    @Override
    void onReply(ReplicaReply reply) {
        super.onReply(reply instanceof ReplicaReply.Promise p
                ? new ReplicaReply.Promise(p.header(), p.synced(), p.epochs(), believed(p), p.logStart(),
                        p.begin(), p.logEnd(), p.highestSequenceNr(), p.suspect())
                : reply);
    }

    private ConfigurationHistory believed(ReplicaReply.Promise p) {
        boolean claiming = p.synced() < leader.epoch();
        return claiming && world.rules.countsOwnSet() ? own : p.configuration();
    }

    @Override
    void append() {
        if (!stopped && leader.isActive() && !leader.isConfigured()) {
            write(List.of(node.id()));
        } else {
            super.append();
        }
    }

    /** The set to change from, as far as the rules let this leader know; null if none may be changed now. */
    List<ReplicaId> changeable() {
        if (stopped || !leader.isActive() || !leader.isConfigured()
                || leader.highWatermark() <= store.configuration().offset()) {
            return null;
        }
        return store.configuration().replicas().stream().map(ReplicaId::new).toList();
    }

    void learn(ReplicaId id) {
        leader.learn(id, world.now());
    }

    boolean isCaughtUp(ReplicaId id) {
        return leader.isCaughtUp(id, world.now());
    }

    /** Appends an entry that names these replicas. */
    void change(List<ReplicaId> members) {
        if (world.rules.changesTwoAtATime() || world.rules.countsSetOfActivation() || leader.mayAppend(members)) {
            write(members);
        }
    }

    private void write(List<ReplicaId> members) {
        List<String> disks = members.stream().map(ReplicaId::diskId).toList();
        if (leader.isConfigured() && world.rules.countsSetOfActivation()) {
            members.forEach(this::learn);
        } else if (holdsPromise()) {
            leader.configurationAppended(new ConfigurationEntry(store.logEndOffset(), disks), world.now());
        }
        append(1, disks);
    }

    boolean isAtRest(long acknowledgedEnd) {
        return isActive() && leader.isConfigured() && leader.highWatermark() == store.logEndOffset()
                && leader.highWatermark() >= acknowledgedEnd
                && leader.inSync(world.now()).containsAll(world.existing(leader.replicas().members()));
    }
}
