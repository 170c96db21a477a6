package io.sluice.kafka.admin;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.controller.MetadataQuorum;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
 * DescribeQuorum (KIP-595, KIP-836): which nodes hold the cluster's metadata, how far they are, and which decides on it, as the controller tells. The
 * other nodes observe; how far they are, nobody keeps, so it is -1. There are no controller endpoints, so none are told.
 */
final class DescribeQuorumHandler implements ApiHandler {

    /** The request carries no timeout of its own; shorter than that of clients, so that they learn why there is no answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

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
        return controller.describeQuorum(TIMEOUT)
                .handle((quorum, failure) -> answer(request, () -> failure == null
                        ? describe(controller.image(), quorum)
                        : new PartitionData().setErrorCode(Errors.REQUEST_TIMED_OUT.code())));
    }

    private static DescribeQuorumResponseData answer(DescribeQuorumRequestData request,
            Supplier<PartitionData> metadata) {
        return new DescribeQuorumResponseData().setTopics(request.topics().stream()
                .map(topic -> new TopicData().setTopicName(topic.topicName())
                        .setPartitions(topic.partitions().stream().map(partition -> partition.partitionIndex())
                                .map(index -> isMetadata(topic.topicName(), index)
                                        ? metadata.get()
                                        : unknown(index))
                                .toList()))
                .toList());
    }

    private static boolean isMetadata(String topic, int partition) {
        return topic.equals(Topic.CLUSTER_METADATA_TOPIC_NAME) && partition == 0;
    }

    private static PartitionData unknown(int partition) {
        return new PartitionData().setPartitionIndex(partition)
                .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    private static PartitionData describe(ClusterImage image, MetadataQuorum quorum) {
        List<Integer> voters = quorum.voters().stream().map(MetadataQuorum.Voter::nodeId).toList();
        Stream<Integer> observers = image.nodes().values().stream().filter(NodeImage::alive).map(NodeImage::id)
                .filter(id -> !voters.contains(id)).sorted();
        return new PartitionData().setLeaderId(quorum.leaderId()).setLeaderEpoch(quorum.leaderEpoch())
                .setHighWatermark(quorum.highWatermark())
                .setCurrentVoters(quorum.voters().stream()
                        .map(voter -> new ReplicaState().setReplicaId(voter.nodeId())
                                .setLogEndOffset(voter.logEndOffset()))
                        .toList())
                .setObservers(observers.map(id -> new ReplicaState().setReplicaId(id).setLogEndOffset(-1))
                        .toList());
    }
}
