package io.sluice.actors.group;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Consumer groups as this node's edge sees them. Safe for any thread; nothing blocks; stages complete on an actor's thread and never fail:
 * an error is in the answer, COORDINATOR_NOT_AVAILABLE or NOT_COORDINATOR where the coordinator is not up, which clients retry.
 */
public interface Groups {

    /** The id of the node that coordinates a group, or -1 while none does. */
    int coordinatorOf(String groupId);

    /** Completes when the rebalance does, which may take as long as the group's rebalance timeout. */
    CompletionStage<JoinGroupResponseData> join(JoinGroupRequestData request, GroupClient client);

    /** Completes when the group's leader has brought the assignment. */
    CompletionStage<SyncGroupResponseData> sync(SyncGroupRequestData request);

    CompletionStage<HeartbeatResponseData> heartbeat(HeartbeatRequestData request);

    /** The consumer protocol (KIP-848): joins, stays and leaves. */
    CompletionStage<ConsumerGroupHeartbeatResponseData> consumerHeartbeat(ConsumerGroupHeartbeatRequestData request,
            GroupClient client);

    /** Takes members out; {@code members} of the request must be set, whatever the version. */
    CompletionStage<LeaveGroupResponseData> leave(LeaveGroupRequestData request);

    /** Commits offsets of topics whose name and id are both set; completes when they are stored. */
    CompletionStage<OffsetCommitResponseData> commit(OffsetCommitRequestData request);

    /**
     * All committed offsets of a group.
     *
     * @param memberId the member that asks, or empty; one that is fenced gets an error
     * @param memberEpoch its epoch in the consumer protocol, or -1
     */
    CompletionStage<Offsets> offsets(String groupId, String memberId, int memberEpoch);

    /** Deletes committed offsets of an empty group. */
    CompletionStage<Errors> deleteOffsets(String groupId, Set<TopicPartition> partitions);

    /** All groups of this node. */
    CompletionStage<List<ListedGroup>> list();

    /** A classic group, with its error set if there is none of that id. */
    CompletionStage<DescribedGroup> describe(String groupId);

    /** A group of the consumer protocol, with its error set if there is none of that id. */
    CompletionStage<ConsumerGroupDescribeResponseData.DescribedGroup> describeConsumer(String groupId);

    /** Deletes empty groups with their offsets. */
    CompletionStage<Map<String, Errors>> delete(List<String> groupIds);

    /** A group's committed offsets, or why not. */
    record Offsets(Errors error, List<CommittedOffset> offsets) {}
}
