package io.sluice.actors.group;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** What a group coordinator persists. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({@JsonSubTypes.Type(value = GroupEvent.GenerationCompleted.class, name = "generation"),
        @JsonSubTypes.Type(value = GroupEvent.GroupEmptied.class, name = "emptied"),
        @JsonSubTypes.Type(value = GroupEvent.MemberLeft.class, name = "member-left"),
        @JsonSubTypes.Type(value = GroupEvent.GroupDeleted.class, name = "deleted"),
        @JsonSubTypes.Type(value = GroupEvent.OffsetsCommitted.class, name = "offsets"),
        @JsonSubTypes.Type(value = GroupEvent.OffsetsRemoved.class, name = "offsets-removed"),
        @JsonSubTypes.Type(value = GroupEvent.ConsumerMemberChanged.class, name = "consumer-member"),
        @JsonSubTypes.Type(value = GroupEvent.ConsumerMemberLeft.class, name = "consumer-member-left"),
        @JsonSubTypes.Type(value = GroupEvent.TargetAssigned.class, name = "target")})
sealed interface GroupEvent {

    String groupId();

    /**
     * A rebalance ended: these members, with these assignments.
     *
     * @param leader the member that assigned, or null if none did: the members come from a group of the other protocol, and shall join and share anew
     */
    record GenerationCompleted(String groupId, int generation, String protocolType, String protocolName, String leader,
            List<StoredMember> members) implements GroupEvent {}

    /** A member of the generation left, or was given up; the others shall join and share anew. */
    record MemberLeft(String groupId, String memberId) implements GroupEvent {}

    /** The last member is gone; the generation counts on, so that it never repeats. */
    record GroupEmptied(String groupId, int generation, String protocolType, long atMs) implements GroupEvent {}

    /** The group and its offsets are gone. */
    record GroupDeleted(String groupId) implements GroupEvent {}

    /** Offsets were committed. */
    record OffsetsCommitted(String groupId, List<CommittedOffset> offsets) implements GroupEvent {}

    /** Committed offsets were deleted or have expired. */
    record OffsetsRemoved(String groupId, List<TopicPartitionKey> partitions) implements GroupEvent {}

    /** The members of a group of the consumer protocol, or what they have. */
    sealed interface OfConsumerGroup extends GroupEvent {
    }

    /** A member joined, or says something new, or has come nearer to its target. */
    record ConsumerMemberChanged(String groupId, ConsumerMember member) implements OfConsumerGroup {}

    /** A member left, or was given up. */
    record ConsumerMemberLeft(String groupId, String memberId) implements OfConsumerGroup {}

    /**
     * A new target, and with it a new epoch.
     *
     * @param topics number of partitions of each topic that was there to assign, by id as text
     * @param changed what those members shall have for whom that is something else than before
     */
    record TargetAssigned(String groupId, int epoch, String assignor, Map<String, Integer> topics,
            Map<String, Partitions> changed, long atMs) implements OfConsumerGroup {

        static TargetAssigned of(String groupId, int epoch, String assignor, Map<Uuid, Integer> topics,
                Map<String, Partitions> changed, long atMs) {
            Map<String, Integer> sizes = new HashMap<>();
            topics.forEach((id, size) -> sizes.put(id.toString(), size));
            return new TargetAssigned(groupId, epoch, assignor, sizes, changed, atMs);
        }

        Map<Uuid, Integer> topicsById() {
            Map<Uuid, Integer> sizes = new HashMap<>();
            topics.forEach((id, size) -> sizes.put(Uuid.fromString(id), size));
            return sizes;
        }
    }

    /** A member as stored. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the protocol's classes hold the same arrays
    record StoredMember(String memberId, String instanceId, String clientId, String clientHost, int sessionTimeoutMs,
            int rebalanceTimeoutMs, String protocolName, byte[] metadata, byte[] assignment) {}

    /** Topic name and partition number. */
    record TopicPartitionKey(String topic, int partition) {}
}
