package io.sluice.actors.group;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a group coordinator persists. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({@JsonSubTypes.Type(value = GroupEvent.GenerationCompleted.class, name = "generation"),
        @JsonSubTypes.Type(value = GroupEvent.GroupEmptied.class, name = "emptied"),
        @JsonSubTypes.Type(value = GroupEvent.GroupDeleted.class, name = "deleted"),
        @JsonSubTypes.Type(value = GroupEvent.OffsetsCommitted.class, name = "offsets"),
        @JsonSubTypes.Type(value = GroupEvent.OffsetsRemoved.class, name = "offsets-removed")})
sealed interface GroupEvent {

    String groupId();

    /** A rebalance ended: these members, with these assignments. */
    record GenerationCompleted(String groupId, int generation, String protocolType, String protocolName, String leader,
            List<StoredMember> members) implements GroupEvent {}

    /** The last member is gone; the generation counts on, so that it never repeats. */
    record GroupEmptied(String groupId, int generation, String protocolType, long atMs) implements GroupEvent {}

    /** The group and its offsets are gone. */
    record GroupDeleted(String groupId) implements GroupEvent {}

    /** Offsets were committed. */
    record OffsetsCommitted(String groupId, List<CommittedOffset> offsets) implements GroupEvent {}

    /** Committed offsets were deleted or have expired. */
    record OffsetsRemoved(String groupId, List<TopicPartitionKey> partitions) implements GroupEvent {}

    /** A member as stored. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the protocol's classes hold the same arrays
    record StoredMember(String memberId, String instanceId, String clientId, String clientHost, int sessionTimeoutMs,
            int rebalanceTimeoutMs, String protocolName, byte[] metadata, byte[] assignment) {}

    /** Topic name and partition number. */
    record TopicPartitionKey(String topic, int partition) {}
}
