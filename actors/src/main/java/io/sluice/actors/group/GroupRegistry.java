package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.image.ClusterImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * The groups of one coordinator: turns a request into events and answers. Not thread-safe; its actor calls one method at a time, and the next only
 * when the events of the last are stored.
 */
final class GroupRegistry {
    private final GroupSettings settings;
    private final Supplier<ClusterImage> image;
    private final Map<String, Group> groups = new HashMap<>();

    /** @param image the cluster as of now, for the topics that members subscribe to */
    GroupRegistry(GroupSettings settings, Supplier<ClusterImage> image) {
        this.settings = settings;
        this.image = image;
    }

    // ---- membership

    void join(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to, long now,
            Effects effects) {
        if (r.sessionTimeoutMs() < settings.minSessionTimeout().toMillis()
                || r.sessionTimeoutMs() > settings.maxSessionTimeout().toMillis()) {
            effects.answer(to, ClassicAnswers.joinError(r.memberId(), Errors.INVALID_SESSION_TIMEOUT));
            return;
        }
        Group group = groups.get(r.groupId());
        if (group == null) {
            if (!r.memberId().isEmpty()) {
                effects.answer(to, ClassicAnswers.joinError(r.memberId(), Errors.UNKNOWN_MEMBER_ID));
                return;
            }
            group = create(r.groupId());
        }
        Membership membership = group.membership().isEmpty() ? group.classic() : group.membership();
        membership.join(r, client, to, now, effects);
        settle(group, now, effects);
    }

    void sync(SyncGroupRequestData r, CompletableFuture<SyncGroupResponseData> to, long now, Effects effects) {
        Group group = groups.get(r.groupId());
        if (group != null) {
            group.membership().sync(r, to, now, effects);
        } else {
            effects.answer(to, new SyncGroupResponseData().setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
        }
    }

    void heartbeat(HeartbeatRequestData r, CompletableFuture<HeartbeatResponseData> to, long now, Effects effects) {
        Group group = groups.get(r.groupId());
        Errors error = group == null ? Errors.UNKNOWN_MEMBER_ID : group.membership().heartbeat(r, now, effects);
        effects.answer(to, new HeartbeatResponseData().setErrorCode(error.code()));
    }

    /** A heartbeat of the consumer protocol, which joins, stays and leaves by it. */
    void consumerHeartbeat(ConsumerGroupHeartbeatRequestData r, GroupClient client,
            CompletableFuture<ConsumerGroupHeartbeatResponseData> to, long now, Effects effects) {
        try {
            HeartbeatRules.check(r);
        } catch (ApiException e) {
            effects.answer(to, ConsumerAnswers.refused(Errors.forException(e), e.getMessage()));
            return;
        }
        Group group = groups.get(r.groupId());
        boolean takes = group == null ? r.memberEpoch() == Epochs.JOIN : group.takesConsumerHeartbeat(r.memberEpoch());
        if (!takes) {
            effects.answer(to, ConsumerAnswers.refused(Errors.GROUP_ID_NOT_FOUND,
                    notFound(r.groupId(), group == null ? null : "consumer")));
            return;
        }
        Group joined = create(r.groupId());
        joined.consumerHeartbeat(r, client, to, now, effects);
        settle(joined, now, effects);
    }

    /** Each member of the batch gets its own error; the older versions' single member comes as a batch of one. */
    void leave(LeaveGroupRequestData r, CompletableFuture<LeaveGroupResponseData> to, long now, Effects effects) {
        Group group = groups.get(r.groupId());
        LeaveGroupResponseData response = new LeaveGroupResponseData();
        for (MemberIdentity m : r.members()) {
            Errors error = group == null
                    ? Errors.UNKNOWN_MEMBER_ID
                    : group.membership().leave(m.memberId(), m.groupInstanceId(), now, effects);
            response.members().add(new MemberResponse().setMemberId(m.memberId())
                    .setGroupInstanceId(m.groupInstanceId()).setErrorCode(error.code()));
        }
        if (group != null) {
            settle(group, now, effects);
        }
        effects.answer(to, response);
    }

    // ---- offsets

    /** Commits offsets of topics that the caller has resolved: name and id are both set. */
    void commit(OffsetCommitRequestData r, CompletableFuture<OffsetCommitResponseData> to, long now, Effects effects) {
        Group group = groups.get(r.groupId());
        Errors error;
        if (group != null) {
            error = group.membership().mayCommit(r.memberId(), r.groupInstanceId(), r.generationIdOrMemberEpoch(), now);
        } else {
            error = r.generationIdOrMemberEpoch() < 0 ? Errors.NONE : Errors.ILLEGAL_GENERATION;
        }
        List<CommittedOffset> accepted = new ArrayList<>();
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        for (OffsetCommitRequestTopic t : r.topics()) {
            OffsetCommitResponseTopic answer = new OffsetCommitResponseTopic().setName(t.name())
                    .setTopicId(t.topicId());
            t.partitions().forEach(p -> {
                String metadata = Objects.requireNonNullElse(p.committedMetadata(), "");
                Errors own = error == Errors.NONE && metadata.length() > settings.maxMetadataBytes()
                        ? Errors.OFFSET_METADATA_TOO_LARGE
                        : error;
                if (own == Errors.NONE) {
                    accepted.add(new CommittedOffset(t.name(), t.topicId().toString(), p.partitionIndex(),
                            p.committedOffset(), p.committedLeaderEpoch(), metadata, now));
                }
                answer.partitions().add(new OffsetCommitResponsePartition().setPartitionIndex(p.partitionIndex())
                        .setErrorCode(own.code()));
            });
            response.topics().add(answer);
        }
        if (!accepted.isEmpty()) {
            GroupEvent event = new GroupEvent.OffsetsCommitted(r.groupId(), accepted);
            effects.persist(event);
            apply(event);
        }
        effects.answer(to, response);
    }

    /**
     * All offsets of a group, for one of its members or for anybody.
     *
     * @param memberId empty for anybody
     */
    Groups.Offsets offsets(String groupId, String memberId, int memberEpoch) {
        Group group = groups.get(groupId);
        if (group == null) {
            return new Groups.Offsets(memberEpoch < 0 ? Errors.NONE : Errors.GROUP_ID_NOT_FOUND, List.of());
        }
        Errors error = group.membership().mayFetch(memberId, memberEpoch);
        return new Groups.Offsets(error, error == Errors.NONE ? List.copyOf(group.offsets.values()) : List.of());
    }

    /** Deletes offsets; not those of topics that a member may be consuming (only an empty group's, here). */
    Errors deleteOffsets(String groupId, List<GroupEvent.TopicPartitionKey> partitions, Effects effects) {
        Group group = groups.get(groupId);
        if (group == null) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        if (!group.membership().isEmpty()) {
            return Errors.GROUP_SUBSCRIBED_TO_TOPIC;
        }
        List<GroupEvent.TopicPartitionKey> present = partitions.stream().filter(group.offsets::containsKey).toList();
        if (!present.isEmpty()) {
            GroupEvent event = new GroupEvent.OffsetsRemoved(groupId, present);
            effects.persist(event);
            apply(event);
        }
        return Errors.NONE;
    }

    // ---- administration

    List<ListedGroup> list() {
        return groups.values().stream().map(g -> new ListedGroup().setGroupId(g.id)
                .setProtocolType(g.membership().protocolType()).setGroupState(g.membership().stateName())
                .setGroupType(g.membership().type())).toList();
    }

    /** A classic group; its error set if there is none of this id. */
    DescribedGroup describe(String groupId) {
        Group group = groups.get(groupId);
        if (group == null || !(group.membership() instanceof ClassicGroup m)) {
            return new DescribedGroup().setGroupId(groupId).setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                    .setErrorMessage(notFound(groupId, group == null ? null : "classic"));
        }
        boolean stable = m.isStable();
        DescribedGroup described = new DescribedGroup().setGroupId(groupId).setGroupState(m.stateName())
                .setProtocolType(m.protocolType()).setProtocolData(stable ? m.protocolName() : "");
        for (Member member : m.members()) {
            described.members().add(new DescribedGroupMember().setMemberId(member.id)
                    .setGroupInstanceId(member.instanceId).setClientId(member.clientId).setClientHost(member.clientHost)
                    .setMemberMetadata(stable ? member.metadata(m.protocolName()) : Member.NONE)
                    .setMemberAssignment(stable ? member.assignment : Member.NONE));
        }
        return described;
    }

    /** A group of the consumer protocol; its error set if there is none of this id. */
    ConsumerGroupDescribeResponseData.DescribedGroup describeConsumer(String groupId) {
        Group group = groups.get(groupId);
        if (group != null && group.membership() instanceof ConsumerGroup consumer) {
            return ConsumerAnswers.described(groupId, consumer, image.get());
        }
        return new ConsumerGroupDescribeResponseData.DescribedGroup().setGroupId(groupId)
                .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                .setErrorMessage(notFound(groupId, group == null ? null : "consumer"));
    }

    /** @param type what the group is not, or null if there is no group */
    private static String notFound(String groupId, String type) {
        return type == null ? "Group " + groupId + " not found." : "Group " + groupId + " is not a " + type + " group.";
    }

    Errors delete(String groupId, Effects effects) {
        Group group = groups.get(groupId);
        if (group == null) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        if (!group.membership().isEmpty()) {
            return Errors.NON_EMPTY_GROUP;
        }
        GroupEvent event = new GroupEvent.GroupDeleted(groupId);
        effects.persist(event);
        apply(event);
        return Errors.NONE;
    }

    // ---- time

    /** The next moment at which {@link #onTime} has something to do, or {@code Long.MAX_VALUE}. */
    long nextDeadlineMs() {
        return groups.values().stream().mapToLong(g -> g.membership().nextDeadlineMs()).min().orElse(Long.MAX_VALUE);
    }

    void onTime(long now, Effects effects) {
        for (Group group : List.copyOf(groups.values())) {
            if (group.membership().nextDeadlineMs() <= now) {
                group.membership().onTime(now, effects);
                settle(group, now, effects);
            }
        }
    }

    /** Drops the offsets that have outlived their retention, and the groups that have nothing else. */
    void expireOffsets(long now, Effects effects) {
        for (Group group : List.copyOf(groups.values())) {
            List<GroupEvent.TopicPartitionKey> expired = group.expiredOffsets(settings.offsetsRetention().toMillis(),
                    now);
            if (!expired.isEmpty()) {
                boolean all = expired.size() == group.offsets.size();
                GroupEvent event = all
                        ? new GroupEvent.GroupDeleted(group.id)
                        : new GroupEvent.OffsetsRemoved(group.id, expired);
                effects.persist(event);
                apply(event);
            } else if (group.isOutlived()) {
                GroupEvent event = new GroupEvent.GroupDeleted(group.id);
                effects.persist(event);
                apply(event);
            }
        }
    }

    // ---- recovery

    /** Applies a stored event. Membership changes its own state as it decides, so this is for recovery, and for offsets. */
    void apply(GroupEvent event) {
        switch (event) {
            case GroupEvent.GenerationCompleted e -> create(e.groupId()).classic().apply(e);
            case GroupEvent.MemberLeft e -> create(e.groupId()).classic().apply(e);
            case GroupEvent.GroupEmptied e -> create(e.groupId()).classic().apply(e);
            case GroupEvent.OfConsumerGroup e -> create(e.groupId()).consumer().apply(e);
            case GroupEvent.GroupDeleted e -> groups.remove(e.groupId());
            case GroupEvent.OffsetsCommitted e -> {
                Group group = create(e.groupId());
                e.offsets().forEach(o -> group.offsets.put(o.key(), o));
            }
            case GroupEvent.OffsetsRemoved e -> e.partitions().forEach(create(e.groupId()).offsets::remove);
        }
    }

    /** After recovery: every member gets its whole session time, and groups without anything are forgotten. */
    void recovered(long now) {
        groups.values().removeIf(Group::isForgotten);
        groups.values().forEach(g -> g.membership().restartSessions(now));
    }

    /** Events that restore the present state; the content of a snapshot. */
    List<GroupEvent> toEvents() {
        List<GroupEvent> events = new ArrayList<>();
        for (Group group : groups.values()) {
            events.addAll(group.membership().toEvents());
            if (!group.offsets.isEmpty()) {
                events.add(new GroupEvent.OffsetsCommitted(group.id, List.copyOf(group.offsets.values())));
            }
        }
        return events;
    }

    private Group create(String groupId) {
        return groups.computeIfAbsent(groupId, id -> new Group(id, settings, image));
    }

    /** What follows from members' coming and going: perhaps another protocol, perhaps the group's end. */
    private void settle(Group group, long now, Effects effects) {
        group.downgradeIfAllAreClassic(now, effects);
        if (group.isForgotten()) {
            groups.remove(group.id);
        }
    }
}
