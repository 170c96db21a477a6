package io.sluice.actors.group;

import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;

/** What a ConsumerGroupHeartbeat must say, whatever the group's state. */
final class HeartbeatRules {

    private HeartbeatRules() {
    }

    /**
     * @throws InvalidRequestException if something is missing, or does not go together
     * @throws UnsupportedAssignorException if there is no assignor of the name
     */
    static void check(ConsumerGroupHeartbeatRequestData r) {
        require(r.memberEpoch() >= Epochs.LEAVE_FOR_A_WHILE, "MemberEpoch is invalid.");
        require(r.memberEpoch() == Epochs.JOIN || !r.memberId().isEmpty(), "MemberId can't be empty.");
        require(r.instanceId() == null || !r.instanceId().isEmpty(), "InstanceId can't be empty.");
        require(r.rackId() == null || !r.rackId().isEmpty(), "RackId can't be empty.");
        require(r.memberEpoch() != Epochs.LEAVE_FOR_A_WHILE || r.instanceId() != null, "InstanceId can't be null.");
        if (r.memberEpoch() == Epochs.JOIN) {
            require(r.rebalanceTimeoutMs() > 0, "RebalanceTimeoutMs must be provided in first request.");
            require(r.topicPartitions() != null && r.topicPartitions().isEmpty(),
                    "TopicPartitions must be empty when (re-)joining.");
            require(r.subscribedTopicNames() != null || r.subscribedTopicRegex() != null,
                    "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
        }
        if (r.serverAssignor() != null && !r.serverAssignor().isEmpty()
                && Assignor.named(r.serverAssignor()).isEmpty()) {
            throw new UnsupportedAssignorException("ServerAssignor " + r.serverAssignor()
                    + " is not supported. Supported assignors: "
                    + String.join(", ", Assignor.ALL.stream().map(Assignor::name).toList()) + ".");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidRequestException(otherwise);
        }
    }

    /** Whether the member says everything, as it does when it joins or has not understood the last answer; it is told everything too. */
    static boolean isFull(ConsumerGroupHeartbeatRequestData r) {
        return r.rebalanceTimeoutMs() != -1 && r.topicPartitions() != null
                && (r.subscribedTopicNames() != null || r.subscribedTopicRegex() != null);
    }
}
