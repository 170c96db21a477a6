package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.image.ClusterImage;
import java.util.List;
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
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Membership of one group of the consumer protocol (KIP-848): the group computes a target whenever members, subscriptions or topics change, and each
 * member comes nearer to its part of it with each heartbeat ({@link MemberAssignment#reconcile}). Nobody waits for anybody else, but for the partitions
 * that another member has not given up yet. Members that speak the classic protocol are among them as {@link ClassicRequests} serves them.
 */
final class ConsumerGroup implements Membership {
    private final String groupId;
    private final ConsumerMembers members;
    private final ConsumerGroupState state;
    private final ClassicRequests classic;

    ConsumerGroup(String groupId, GroupSettings settings, Supplier<ClusterImage> image) {
        this.groupId = groupId;
        this.members = new ConsumerMembers(groupId, settings, image);
        this.state = members.state();
        this.classic = new ClassicRequests(members);
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
        members.put(known, member, now, effects);
        members.heardOf(member, now);
        members.retarget(known == null || !wanted.equals(before), now, effects);

        MemberAssignment next = reconcile(member, ConsumerAnswers.owned(r), now, effects);
        boolean behind = known != null && r.memberEpoch() < known.current().epoch();
        boolean news = behind || HeartbeatRules.isFull(r) || !next.assigned().equals(member.current().assigned());
        return ConsumerAnswers.heartbeat(member.id(), next, news, members.settings().heartbeatInterval());
    }

    private MemberAssignment reconcile(ConsumerMember member, Partitions owned, long now, Effects effects) {
        MemberAssignment next = members.reconcile(member, owned, effects);
        if (next.revoking().isEmpty()) {
            members.expectNoStep(member);
        } else if (!next.revoking().equals(member.current().revoking())) {
            members.expectStep(member, now);
        }
        return next;
    }

    /** The member as it is after this request, but for its assignment. */
    private ConsumerMember asked(ConsumerGroupHeartbeatRequestData r, GroupClient client, ConsumerMember known,
            Subscription wanted) {
        if (known == null) {
            String id = r.memberId().isEmpty() ? Uuid.randomUuid().toString() : r.memberId();
            return new ConsumerMember(id, r.instanceId(), r.rackId(), client.clientId(), client.host(),
                    r.rebalanceTimeoutMs(), wanted, MemberAssignment.NONE, null);
        }
        boolean replaces = r.memberEpoch() == Epochs.JOIN && !known.id().equals(r.memberId());
        String id = !replaces ? known.id() : r.memberId().isEmpty() ? Uuid.randomUuid().toString() : r.memberId();
        return new ConsumerMember(id, r.instanceId() == null ? known.instanceId() : r.instanceId(),
                r.rackId() == null ? known.rackId() : r.rackId(), client.clientId(), client.host(),
                r.rebalanceTimeoutMs() == -1 ? known.rebalanceTimeoutMs() : r.rebalanceTimeoutMs(), wanted,
                replaces ? known.current().takenOver() : known.current(), null);
    }

    /** The member whose place a joining one takes, itself mostly, or null if there is none. */
    private ConsumerMember whoJoins(ConsumerGroupHeartbeatRequestData r) {
        ConsumerMember same = state.member(r.memberId());
        ConsumerMember sameInstance = r.instanceId() == null ? null : state.ofInstance(r.instanceId());
        if (sameInstance != null && !sameInstance.id().equals(r.memberId())) {
            if (!sameInstance.isAway() && !sameInstance.isClassic()) {
                throw new UnreleasedInstanceIdException("Static member " + sameInstance.id() + " with instance id "
                        + r.instanceId() + " was not yet released.");
            }
            return sameInstance;
        }
        if (same == null && members.isFull()) {
            throw new GroupMaxSizeReachedException("The consumer group has reached its maximum capacity of "
                    + members.settings().maxSize() + " members.");
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

    private ConsumerGroupHeartbeatResponseData leave(ConsumerGroupHeartbeatRequestData r, long now, Effects effects) {
        ConsumerMember member = require(r);
        if (r.memberEpoch() == Epochs.LEAVE_FOR_A_WHILE) {
            MemberAssignment away = new MemberAssignment(Epochs.LEAVE_FOR_A_WHILE, member.current().epoch(),
                    member.current().assigned(), Partitions.NONE);
            members.put(member, member.with(away), now, effects);
            members.expectNoStep(member);
            members.heardOf(member, now);
        } else {
            members.removeAll(List.of(member), now, effects);
        }
        return ConsumerAnswers.left(r);
    }

    // ---- the classic protocol

    @Override
    public void join(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to, long now,
            Effects effects) {
        effects.answer(to, classic.join(r, client, now, effects));
    }

    @Override
    public void sync(SyncGroupRequestData r, CompletableFuture<SyncGroupResponseData> to, long now, Effects effects) {
        effects.answer(to, classic.sync(r, now));
    }

    @Override
    public Errors heartbeat(HeartbeatRequestData r, long now, Effects effects) {
        return classic.heartbeat(r, now, effects);
    }

    @Override
    public Errors leave(String memberId, String instanceId, long now, Effects effects) {
        return classic.leave(memberId, instanceId, now, effects);
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
        if (member.current().epoch() == memberEpoch) {
            return Errors.NONE;
        }
        return member.isClassic() ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
    }

    // ---- time

    @Override
    public long nextDeadlineMs() {
        return members.nextDeadlineMs();
    }

    @Override
    public void onTime(long now, Effects effects) {
        members.removeAll(members.overdue(now), now, effects);
    }

    // ---- recovery

    void apply(GroupEvent.OfConsumerGroup event) {
        members.apply(event);
    }

    @Override
    public void restartSessions(long now) {
        members.restart(now);
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
        return EmbeddedProtocol.TYPE;
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
