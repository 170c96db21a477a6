package io.sluice.actors.group;

import io.sluice.actors.config.ConsumerGroupSettings;
import io.sluice.actors.config.GroupConfigs;
import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.image.ClusterImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Who belongs to a group of the consumer protocol, what each shall have and has, and until when each must be heard of. All but the deadlines is stored.
 * Mutable, owned by its {@link ConsumerGroup}.
 */
final class ConsumerMembers {
    private final String groupId;
    private final GroupSettings settings;
    private final Supplier<ClusterImage> image;
    private final ConsumerGroupState state = new ConsumerGroupState();
    /** When each member is given up unless it is heard of before. */
    private final Map<String, Long> sessionEnds = new HashMap<>();
    /** When each member is given up that owes a step, unless it takes it: giving partitions up, or in the classic protocol JoinGroup or SyncGroup. */
    private final Map<String, Long> stepEnds = new HashMap<>();
    /** Version of the image that the present target was last compared with. */
    private long imageVersion = -1;

    ConsumerMembers(String groupId, GroupSettings settings, Supplier<ClusterImage> image) {
        this.groupId = groupId;
        this.settings = settings;
        this.image = image;
    }

    ConsumerGroupState state() {
        return state;
    }

    /** What holds for this group now. */
    ConsumerGroupSettings settings() {
        return GroupConfigs.apply(settings.consumer(), image.get().groupConfigs(groupId));
    }

    ClusterImage image() {
        return image.get();
    }

    boolean isFull() {
        return state.members().size() >= settings().maxSize();
    }

    // ---- changes

    /**
     * Sets a member.
     *
     * @param known the member as it was, or the static one whose place it takes; null for a new one
     */
    void put(ConsumerMember known, ConsumerMember member, long now, Effects effects) {
        if (known != null && !known.id().equals(member.id())) {
            replace(known, member, now, effects);
        } else if (!member.equals(known)) {
            record(new GroupEvent.ConsumerMemberChanged(groupId, member), effects);
        }
    }

    /** A static member is back under another id: it has what it had, and nothing is computed anew. */
    private void replace(ConsumerMember old, ConsumerMember by, long now, Effects effects) {
        Partitions target = state.target(old.id());
        remove(old, effects);
        record(new GroupEvent.ConsumerMemberChanged(groupId, by), effects);
        record(GroupEvent.TargetAssigned.of(groupId, state.epoch(), state.assignor(), state.topics(),
                Map.of(by.id(), target), now), effects);
    }

    private void remove(ConsumerMember member, Effects effects) {
        record(new GroupEvent.ConsumerMemberLeft(groupId, member.id()), effects);
        sessionEnds.remove(member.id());
        stepEnds.remove(member.id());
    }

    /** Takes members out; the others share what they had, unless they are to do so by the classic protocol. */
    void removeAll(List<ConsumerMember> leaving, long now, Effects effects) {
        leaving.forEach(m -> remove(m, effects));
        if (!leaving.isEmpty() && !Migration.isToClassic(state, settings)) {
            retarget(true, now, effects);
        }
    }

    /** Computes a new target and begins a new epoch if somebody or some subscription changed, or topics did so that it matters. */
    void retarget(boolean changed, long now, Effects effects) {
        ClusterImage at = image.get();
        if (!changed && at.version() == imageVersion) {
            return;
        }
        imageVersion = at.version();
        TargetAssignment next = TargetAssignment.compute(state, at);
        Map<String, Partitions> parts = next.changedFrom(state);
        if (changed || !parts.isEmpty() || !next.topics().equals(state.topics())) {
            record(GroupEvent.TargetAssigned.of(groupId, state.epoch() + 1, next.assignor(), next.topics(), parts, now),
                    effects);
        }
    }

    /** Brings a member nearer to its target; see {@link MemberAssignment#reconcile}. */
    MemberAssignment reconcile(ConsumerMember member, Partitions owned, Effects effects) {
        MemberAssignment next = member.current().reconcile(state.target(member.id()), state.epoch(), owned,
                wanted -> state.free(member.id(), wanted));
        if (!next.equals(member.current())) {
            record(new GroupEvent.ConsumerMemberChanged(groupId, member.with(next)), effects);
        }
        return next;
    }

    private void record(GroupEvent.OfConsumerGroup event, Effects effects) {
        effects.persist(event);
        state.apply(event);
    }

    void apply(GroupEvent.OfConsumerGroup event) {
        state.apply(event);
    }

    // ---- deadlines

    void heardOf(ConsumerMember member, long now) {
        long timeoutMs = member.isClassic()
                ? member.classic().sessionTimeoutMs()
                : settings().sessionTimeout().toMillis();
        sessionEnds.put(member.id(), now + timeoutMs);
    }

    /** The member has its rebalance timeout from now to take its next step. */
    void expectStep(ConsumerMember member, long now) {
        stepEnds.put(member.id(), now + member.rebalanceTimeoutMs());
    }

    /** As {@link #expectStep}, unless a step is expected already. */
    void expectStepStill(ConsumerMember member, long now) {
        stepEnds.putIfAbsent(member.id(), now + member.rebalanceTimeoutMs());
    }

    /** Nothing is expected of the member. */
    void expectNoStep(ConsumerMember member) {
        stepEnds.remove(member.id());
    }

    /** When the first member is overdue, or {@code Long.MAX_VALUE}. */
    long nextDeadlineMs() {
        long next = Long.MAX_VALUE;
        for (long end : sessionEnds.values()) {
            next = Math.min(next, end);
        }
        for (long end : stepEnds.values()) {
            next = Math.min(next, end);
        }
        return next;
    }

    /** The members that were not heard of, or did not take their step, in time. */
    List<ConsumerMember> overdue(long now) {
        return state.members().stream().filter(m -> sessionEnds.getOrDefault(m.id(), Long.MAX_VALUE) <= now
                || stepEnds.getOrDefault(m.id(), Long.MAX_VALUE) <= now).toList();
    }

    /** Every member gets its whole time again. */
    void restart(long now) {
        state.members().forEach(m -> {
            heardOf(m, now);
            if (!m.current().revoking().isEmpty()) {
                expectStep(m, now);
            }
        });
    }
}
