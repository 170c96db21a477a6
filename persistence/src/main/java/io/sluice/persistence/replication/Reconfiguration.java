package io.sluice.persistence.replication;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Replaces the replicas of a log by others, under the active leader's eyes, in any number at once: bring a majority of the new ones up, seal the old
 * configuration at a majority of its replicas so that nobody else can claim under it any more, set the new one. From the moment that is asked for until
 * it is known to have happened, both count.
 */
final class Reconfiguration {
    private enum Step {
        CATCHING_UP, SEALING, JOINT
    }

    private final ReplicaSet old;
    private final ReplicaSet next;
    private final Quorum newMajority;
    private final Claimant claimant;
    private final LeaderSettings settings;
    private final LeaderOutput output;
    private final Set<ReplicaId> sealed = new HashSet<>();
    private Step step = Step.CATCHING_UP;
    private long sentAt;

    Reconfiguration(ReplicaSet old, List<ReplicaId> members, Claimant claimant, LeaderSettings settings,
            LeaderOutput output) {
        this.old = old;
        this.next = new ReplicaSet(old.version() + 1, members);
        this.newMajority = Quorum.Of.majority(next);
        this.claimant = claimant;
        this.settings = settings;
        this.output = output;
    }

    ReplicaSet next() {
        return next;
    }

    /** Whether replicas are sealed; before, nothing has happened that another change would mind. */
    boolean isBegun() {
        return step != Step.CATCHING_UP;
    }

    /** Whether the new configuration may be in force already. */
    boolean isJoint() {
        return step == Step.JOINT;
    }

    void onSealed(ReplicaReply.Sealed reply) {
        if (reply.configVersion() == old.version() && old.members().contains(reply.header().source())) {
            sealed.add(reply.header().source());
        }
    }

    /** Goes on to the next step if nothing is missing. {@code acked} is -1 for a replica that is not synced. */
    void advance(ToLongFunction<ReplicaId> acked, long highWatermark, long now) {
        if (step == Step.JOINT || newMajority.reached(acked) < highWatermark) {
            return;
        }
        if (step == Step.CATCHING_UP) {
            step = Step.SEALING;
            seal(acked, now);
        }
        if (sealed.size() >= old.majority()) {
            step = Step.JOINT;
            set(now);
        }
    }

    void tick(ToLongFunction<ReplicaId> acked, long now) {
        if (now - sentAt < settings.requestTimeout()) {
            return;
        }
        switch (step) {
            case CATCHING_UP -> {
            }
            case SEALING -> seal(acked, now);
            case JOINT -> set(now);
        }
    }

    /** Only synced replicas are sealed: one that has yet to promise would refuse to. */
    private void seal(ToLongFunction<ReplicaId> acked, long now) {
        sentAt = now;
        for (ReplicaId member : old.members()) {
            if (!sealed.contains(member) && acked.applyAsLong(member) >= 0) {
                output.send(new ReplicaRequest.Seal(claimant.to(member), old.version()));
            }
        }
    }

    private void set(long now) {
        sentAt = now;
        output.compareAndSet(next);
    }
}
