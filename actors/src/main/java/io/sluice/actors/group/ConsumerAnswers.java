package io.sluice.actors.group;

import io.sluice.actors.image.ClusterImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** The consumer protocol's messages from and to what a group holds. */
final class ConsumerAnswers {
    private static final byte CLASSIC_MEMBER = 0;
    private static final byte CONSUMER_MEMBER = 1;

    private ConsumerAnswers() {
    }

    /** What a member says that it owns, or null if it says nothing of that. */
    static Partitions owned(ConsumerGroupHeartbeatRequestData r) {
        if (r.topicPartitions() == null) {
            return null;
        }
        Map<Uuid, Set<Integer>> owned = new HashMap<>();
        r.topicPartitions()
                .forEach(t -> owned.computeIfAbsent(t.topicId(), id -> new HashSet<>()).addAll(t.partitions()));
        return Partitions.of(owned);
    }

    /**
     * @param news whether the member is told what it has
     * @param interval after which it should ask again
     */
    static ConsumerGroupHeartbeatResponseData heartbeat(String memberId, MemberAssignment current, boolean news,
            Duration interval) {
        ConsumerGroupHeartbeatResponseData response = new ConsumerGroupHeartbeatResponseData().setMemberId(memberId)
                .setMemberEpoch(current.epoch()).setHeartbeatIntervalMs((int) interval.toMillis());
        if (news) {
            List<ConsumerGroupHeartbeatResponseData.TopicPartitions> topics = new ArrayList<>();
            current.assigned().topics()
                    .forEach(topic -> topics.add(new ConsumerGroupHeartbeatResponseData.TopicPartitions()
                            .setTopicId(topic).setPartitions(current.assigned().of(topic))));
            response.setAssignment(new ConsumerGroupHeartbeatResponseData.Assignment().setTopicPartitions(topics));
        }
        return response;
    }

    static ConsumerGroupHeartbeatResponseData left(ConsumerGroupHeartbeatRequestData r) {
        return new ConsumerGroupHeartbeatResponseData().setMemberId(r.memberId()).setMemberEpoch(r.memberEpoch());
    }

    static ConsumerGroupHeartbeatResponseData refused(Errors error, String message) {
        return new ConsumerGroupHeartbeatResponseData().setErrorCode(error.code()).setErrorMessage(message);
    }

    /** A group as administrators see it; topics that are gone are left out, for they have no names. */
    static DescribedGroup described(String groupId, ConsumerGroup group, ClusterImage image) {
        ConsumerGroupState state = group.state();
        DescribedGroup described = new DescribedGroup().setGroupId(groupId).setGroupState(group.stateName())
                .setGroupEpoch(state.epoch()).setAssignmentEpoch(state.epoch()).setAssignorName(state.assignor());
        state.members().forEach(m -> described.members().add(new ConsumerGroupDescribeResponseData.Member()
                .setMemberId(m.id()).setInstanceId(m.instanceId()).setRackId(m.rackId())
                .setMemberEpoch(m.current().epoch()).setClientId(m.clientId()).setClientHost(m.clientHost())
                .setSubscribedTopicNames(m.subscription().names())
                .setSubscribedTopicRegex(m.subscription().regex().isEmpty() ? null : m.subscription().regex())
                .setAssignment(described(m.current().assigned(), image))
                .setTargetAssignment(described(state.target(m.id()), image))
                .setMemberType(m.isClassic() ? CLASSIC_MEMBER : CONSUMER_MEMBER)));
        return described;
    }

    private static ConsumerGroupDescribeResponseData.Assignment described(Partitions partitions, ClusterImage image) {
        ConsumerGroupDescribeResponseData.Assignment assignment = new ConsumerGroupDescribeResponseData.Assignment();
        partitions.topics()
                .forEach(id -> image.topic(id)
                        .ifPresent(t -> assignment.topicPartitions()
                                .add(new ConsumerGroupDescribeResponseData.TopicPartitions().setTopicId(id)
                                        .setTopicName(t.name()).setPartitions(partitions.of(id)))));
        return assignment;
    }
}
