package io.sluice.kafka.admin;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.DescribeQuorumResponseData.TopicData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeQuorum (KIP-595): which nodes hold the cluster's metadata and which decides on it. Out of this node's image, so of how far they are only what
 * this node itself knows is told; the rest is -1. There are no controller endpoints, so none are told.
 */
final class DescribeQuorumHandler implements ApiHandler {

    private static final int UNKNOWN = -1;

    private final Controller controller;

    DescribeQuorumHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_QUORUM;
    }

    @Override
    public CompletionStage<DescribeQuorumResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (DescribeQuorumRequestData) message;
        ClusterImage image = controller.image();
        return CompletableFuture.completedFuture(new DescribeQuorumResponseData().setTopics(request.topics().stream()
                .map(topic -> new TopicData().setTopicName(topic.topicName())
                        .setPartitions(topic.partitions().stream()
                                .map(partition -> describe(image, topic.topicName(), partition.partitionIndex()))
                                .toList()))
                .toList()));
    }

    private static PartitionData describe(ClusterImage image, String topic, int partition) {
        var data = new PartitionData().setPartitionIndex(partition);
        if (!topic.equals(Topic.CLUSTER_METADATA_TOPIC_NAME) || partition != 0) {
            return data.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        List<Integer> voters = image.metadataVoters();
        return data.setLeaderId(image.controllerId()).setLeaderEpoch(UNKNOWN).setHighWatermark(image.version())
                .setCurrentVoters(voters.stream().map(id -> replica(image, id)).toList())
                .setObservers(image.nodes().values().stream().filter(NodeImage::alive).map(NodeImage::id)
                        .filter(id -> !voters.contains(id)).sorted().map(id -> replica(image, id)).toList());
    }

    private static ReplicaState replica(ClusterImage image, int id) {
        return new ReplicaState().setReplicaId(id).setLogEndOffset(id == image.selfId() ? image.version() : UNKNOWN);
    }
}
