package io.sluice.actors.group;

import io.sluice.actors.config.ConsumerGroupSettings;
import io.sluice.actors.image.ClusterImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Membership of one group of the consumer protocol (KIP-848): the group computes a target whenever members, subscriptions or topics change, and each
 * member comes nearer to its part of it with each heartbeat ({@link MemberAssignment#reconcile}). Nobody waits for anybody else, but for the partitions
 * that another member has not given up yet.
 *
 * <p>All but the deadlines is stored.
 */
final class ConsumerGroup implements Membership {
    private static final String PROTOCOL_TYPE = "consumer";

    private final String groupId;
    private final ConsumerGroupSettings settings;
    private final Supplier<ClusterImage> image;
    private final ConsumerGroupState state = new ConsumerGroupState();
    /** When each member is given up unless it is heard of before. */
    private final Map<String, Long> sessionEnds = new HashMap<>();
    /** When each member is given up that has partitions to give up, unless it does. */
    private final Map<String, Long> revocationEnds = new HashMap<>();
    /** Version of the image that the present target was last compared with. */
    private long imageVersion = -1;

    ConsumerGroup(String groupId, ConsumerGroupSettings settings, Supplier<ClusterImage> image) {
        this.groupId = groupId;
        this.settings = settings;
        this.image = image;
    }

    // ---- heartbeats

    /** A request that {@link HeartbeatRules} has let pass. */
    void heartbeat(ConsumerGroupHeartbeatRequestData r, GroupClient client,
            CompletableFuture<ConsumerGroupHeartbeatResponseData> to, long now, Effects effects) {
        ConsumerGroupHeartbeatResponseData answer;
        try {
            answer = r.memberEpoch() < Epochs.JOIN ? leave(r, now, effects) : stay(r, client, now, effects);
        } catch (ApiException e) {
            // thrown before anything changed
            answer = ConsumerAnswers.refused(Errors.forException(e), e.getMessage());
        }
        effects.answer(to, answer);
    }

    private ConsumerGroupHeartbeatResponseData stay(ConsumerGroupHeartbeatRequestData r, GroupClient client, long now,
            Effects effects) {
        ConsumerMember known = r.memberEpoch() == Epochs.JOIN ? whoJoins(r) : whoStays(r);
        Subscription before = known == null ? Subscription.NONE : known.subscription();
        Subscription wanted = before.with(r.subscribedTopicNames(), r.subscribedTopicRegex(), r.serverAssignor());
        if (!wanted.regex().equals(before.regex())) {
            TopicPattern.of(wanted.regex());
        }
        ConsumerMember member = asked(r, client, known, wanted);
        if (known != null && !known.id().equals(member.id())) {
            replace(known, member, now, effects);
        } else if (!member.equals(known)) {
            record(new GroupEvent.ConsumerMemberChanged(groupId, member), effects);
        }
        sessionEnds.put(member.id(), now + settings.sessionTimeout().toMillis());
        retarget(known == null || !wanted.equals(before), now, effects);

        MemberAssignment next = reconcile(member, ConsumerAnswers.owned(r), now, effects);
        boolean behind = known != null && r.memberEpoch() < known.current().epoch();
        boolean news = behind || HeartbeatRules.isFull(r) || !next.assigned().equals(member.current().assigned());
        return ConsumerAnswers.heartbeat(member.id(), next, news, settings.heartbeatInterval());
    }

    private MemberAssignment reconcile(ConsumerMember member, Partitions owned, long now, Effects effects) {
        MemberAssignment next = member.current().reconcile(state.target(member.id()), state.epoch(), owned,
                wanted -> state.free(member.id(), wanted));
        if (!next.equals(member.current())) {
            record(new GroupEvent.ConsumerMemberChanged(groupId, member.with(next)), effects);
        }
        if (next.revoking().isEmpty()) {
            revocationEnds.remove(member.id());
        } else if (!next.revoking().equals(member.current().revoking())) {
            revocationEnds.put(member.id(), now + member.rebalanceTimeoutMs());
        }
        return next;
    }

    /** The member as it is after this request, but for its assignment. */
    private ConsumerMember asked(ConsumerGroupHeartbeatRequestData r, GroupClient client, ConsumerMember known,
            Subscription wanted) {
        if (known == null) {
            String id = r.memberId().isEmpty() ? Uuid.randomUuid().toString() : r.memberId();
            return new ConsumerMember(id, r.instanceId(), r.rackId(), client.clientId(), client.host(),
                    r.rebalanceTimeoutMs(), wanted, MemberAssignment.NONE);
        }
        boolean replaces = r.memberEpoch() == Epochs.JOIN && !known.id().equals(r.memberId());
        String id = !replaces ? known.id() : r.memberId().isEmpty() ? Uuid.randomUuid().toString() : r.memberId();
        MemberAssignment current = replaces
                ? new MemberAssignment(Epochs.JOIN, Epochs.JOIN, known.current().assigned(), Partitions.NONE)
                : known.current();
        return new ConsumerMember(id, r.instanceId() == null ? known.instanceId() : r.instanceId(),
                r.rackId() == null ? known.rackId() : r.rackId(), client.clientId(), client.host(),
                r.rebalanceTimeoutMs() == -1 ? known.rebalanceTimeoutMs() : r.rebalanceTimeoutMs(), wanted, current);
    }

    /** The member whose place a joining one takes, itself mostly, or null if there is none. */
    private ConsumerMember whoJoins(ConsumerGroupHeartbeatRequestData r) {
        ConsumerMember same = state.member(r.memberId());
        ConsumerMember sameInstance = r.instanceId() == null ? null : state.ofInstance(r.instanceId());
        if (sameInstance != null && !sameInstance.id().equals(r.memberId())) {
            if (!sameInstance.isAway()) {
                throw new UnreleasedInstanceIdException("Static member " + sameInstance.id() + " with instance id "
                        + r.instanceId() + " was not yet released.");
            }
            return sameInstance;
        }
        if (same == null && state.members().size() >= settings.maxSize()) {
            throw new GroupMaxSizeReachedException("The consumer group has reached its maximum capacity of "
                    + settings.maxSize() + " members.");
        }
        return same;
    }

    private ConsumerMember whoStays(ConsumerGroupHeartbeatRequestData r) {
        ConsumerMember member = require(r);
        MemberAssignment current = member.current();
        boolean answerWasLost = r.memberEpoch() == current.previousEpoch() && r.topicPartitions() != null
                && current.assigned().containsAll(ConsumerAnswers.owned(r));
        if (r.memberEpoch() != current.epoch() && !(r.memberEpoch() < current.epoch() && answerWasLost)) {
            throw new FencedMemberEpochException("The consumer group member is at epoch " + current.epoch()
                    + ", not " + r.memberEpoch() + ". The member must abandon all its partitions and rejoin.");
        }
        return member;
    }

    private ConsumerMember require(ConsumerGroupHeartbeatRequestData r) {
        if (r.instanceId() != null) {
            ConsumerMember sameInstance = state.ofInstance(r.instanceId());
            if (sameInstance == null) {
                throw new UnknownMemberIdException("Instance id " + r.instanceId() + " is unknown.");
            }
            if (!sameInstance.id().equals(r.memberId())) {
                throw new FencedInstanceIdException("Static member " + r.memberId() + " with instance id "
                        + r.instanceId() + " was fenced by member " + sameInstance.id() + ".");
            }
        }
        ConsumerMember member = state.member(r.memberId());
        if (member == null) {
            throw new UnknownMemberIdException("Member " + r.memberId() + " is not a member of group " + groupId + ".");
        }
        return member;
    }

    /** A static member is back under another id: it has what it had, and nothing is computed anew. */
    private void replace(ConsumerMember old, ConsumerMember by, long now, Effects effects) {
        Partitions target = state.target(old.id());
        remove(old, effects);
        record(new GroupEvent.ConsumerMemberChanged(groupId, by), effects);
        record(GroupEvent.TargetAssigned.of(groupId, state.epoch(), state.assignor(), state.topics(),
                Map.of(by.id(), target), now), effects);
    }

    // ---- leaving

    private ConsumerGroupHeartbeatResponseData leave(ConsumerGroupHeartbeatRequestData r, long now, Effects effects) {
        ConsumerMember member = require(r);
        if (r.memberEpoch() == Epochs.LEAVE_FOR_A_WHILE) {
            MemberAssignment away = new MemberAssignment(Epochs.LEAVE_FOR_A_WHILE, member.current().epoch(),
                    member.current().assigned(), Partitions.NONE);
            record(new GroupEvent.ConsumerMemberChanged(groupId, member.with(away)), effects);
            revocationEnds.remove(member.id());
            sessionEnds.put(member.id(), now + settings.sessionTimeout().toMillis());
        } else {
            remove(member, effects);
            retarget(true, now, effects);
        }
        return ConsumerAnswers.left(r);
    }

    /** LeaveGroup is of the classic protocol; only administrators use it here, and name an instance. */
    @Override
    public Errors leave(String memberId, String instanceId, long now, Effects effects) {
        ConsumerMember member = instanceId == null ? null : state.ofInstance(instanceId);
        if (member == null || !memberId.isEmpty()) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        remove(member, effects);
        retarget(true, now, effects);
        return Errors.NONE;
    }

    private void remove(ConsumerMember member, Effects effects) {
        record(new GroupEvent.ConsumerMemberLeft(groupId, member.id()), effects);
        sessionEnds.remove(member.id());
        revocationEnds.remove(member.id());
    }

    // ---- the target

    /** Computes a new target and begins a new epoch if somebody or some subscription changed, or topics did so that it matters. */
    private void retarget(boolean changed, long now, Effects effects) {
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

    private void record(GroupEvent.OfConsumerGroup event, Effects effects) {
        effects.persist(event);
        state.apply(event);
    }

    // ---- offsets

    @Override
    public Errors mayCommit(String memberId, String instanceId, int memberEpoch, long now) {
        return memberEpoch < 0 && isEmpty() ? Errors.NONE : isAtEpoch(memberId, memberEpoch);
    }

    @Override
    public Errors mayFetch(String memberId, int memberEpoch) {
        return memberEpoch < 0 && memberId.isEmpty() ? Errors.NONE : isAtEpoch(memberId, memberEpoch);
    }

    private Errors isAtEpoch(String memberId, int memberEpoch) {
        ConsumerMember member = state.member(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return member.current().epoch() == memberEpoch ? Errors.NONE : Errors.STALE_MEMBER_EPOCH;
    }

    // ---- time

    @Override
    public long nextDeadlineMs() {
        long next = Long.MAX_VALUE;
        for (long end : sessionEnds.values()) {
            next = Math.min(next, end);
        }
        for (long end : revocationEnds.values()) {
            next = Math.min(next, end);
        }
        return next;
    }

    @Override
    public void onTime(long now, Effects effects) {
        List<ConsumerMember> overdue = state.members().stream()
                .filter(m -> sessionEnds.getOrDefault(m.id(), Long.MAX_VALUE) <= now
                        || revocationEnds.getOrDefault(m.id(), Long.MAX_VALUE) <= now)
                .toList();
        if (!overdue.isEmpty()) {
            overdue.forEach(m -> remove(m, effects));
            retarget(true, now, effects);
        }
    }

    // ---- recovery

    void apply(GroupEvent.OfConsumerGroup event) {
        state.apply(event);
    }

    @Override
    public void restartSessions(long now) {
        state.members().forEach(m -> {
            sessionEnds.put(m.id(), now + settings.sessionTimeout().toMillis());
            if (!m.current().revoking().isEmpty()) {
                revocationEnds.put(m.id(), now + m.rebalanceTimeoutMs());
            }
        });
    }

    @Override
    public List<GroupEvent> toEvents() {
        return state.toEvents(groupId);
    }

    // ---- what others see

    ConsumerGroupState state() {
        return state;
    }

    @Override
    public String type() {
        return "consumer";
    }

    @Override
    public String stateName() {
        if (isEmpty()) {
            return "Empty";
        }
        return state.members().stream().allMatch(state::isReconciled) ? "Stable" : "Reconciling";
    }

    @Override
    public String protocolType() {
        return PROTOCOL_TYPE;
    }

    @Override
    public boolean isEmpty() {
        return state.members().isEmpty();
    }

    /** Not once it had members: those that do not know yet that they are out must be told so, not that there is no such group. */
    @Override
    public boolean isForgettable() {
        return isEmpty() && state.epoch() == 0;
    }

    @Override
    public long emptySinceMs() {
        return state.changedAtMs();
    }
}
