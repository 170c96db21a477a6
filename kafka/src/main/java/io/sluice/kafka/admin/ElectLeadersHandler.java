package io.sluice.kafka.admin;

import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * ElectLeaders (KIP-183, KIP-460). Nothing is elected here: the first replica that is up and has caught up leads, always, so the answer says what is. An unclean leader
 * cannot be had: without a majority of its replicas a partition has no leader that knows every acknowledged record.
 */
final class ElectLeadersHandler implements ApiHandler {

    private final Controller controller;

    ElectLeadersHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public CompletionStage<ElectLeadersResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (ElectLeadersRequestData) message;
        var response = new ElectLeadersResponseData();
        Optional<ElectionType> type = Stream.of(ElectionType.values())
                .filter(known -> known.value == request.electionType()).findFirst();
        if (type.isEmpty()) {
            response.setErrorCode(Errors.INVALID_REQUEST.code());
        } else {
            response.setReplicaElectionResults(results(controller.image(), type.get(), request));
        }
        return CompletableFuture.completedFuture(response);
    }

    /** Who asks for all partitions is not told of those that have the leader that is wanted. */
    private static List<ReplicaElectionResult> results(ClusterImage image, ElectionType type,
            ElectLeadersRequestData request) {
        if (request.topicPartitions() == null) {
            return image.topics().stream()
                    .map(topic -> result(topic.name(),
                            IntStream.range(0, topic.partitionCount()).mapToObj(i -> elect(image, topic, i, type))
                                    .filter(result -> result.errorCode() != Errors.ELECTION_NOT_NEEDED.code())))
                    .filter(result -> !result.partitionResult().isEmpty()).toList();
        }
        return request.topicPartitions().stream().map(asked -> result(asked.topic(), elect(image, asked, type)))
                .toList();
    }

    private static Stream<PartitionResult> elect(ClusterImage image, TopicPartitions asked, ElectionType type) {
        Optional<TopicImage> topic = image.topic(asked.topic());
        return asked.partitions().stream().map(index -> topic.isPresent() && topic.get().hasPartition(index)
                ? elect(image, topic.get(), index, type)
                : outcome(index, AdminResult.failed(Errors.UNKNOWN_TOPIC_OR_PARTITION, null)));
    }

    private static PartitionResult elect(ClusterImage image, TopicImage topic, int index, ElectionType type) {
        int leader = image.leader(topic, index);
        int preferred = topic.replicas().get(index).getFirst();
        if (leader == preferred || (leader >= 0 && type == ElectionType.UNCLEAN)) {
            return outcome(index, AdminResult.failed(Errors.ELECTION_NOT_NEEDED, null));
        }
        return outcome(index, type == ElectionType.PREFERRED
                ? AdminResult.failed(Errors.PREFERRED_LEADER_NOT_AVAILABLE,
                        "node " + preferred + " is not up or lags behind; it leads again once it has caught up")
                : AdminResult.failed(Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE, "none of the nodes "
                        + topic.replicas().get(index)
                        + " can lead; start a majority of them, an unclean leader is not possible"));
    }

    private static ReplicaElectionResult result(String topic, Stream<PartitionResult> partitions) {
        return new ReplicaElectionResult().setTopic(topic).setPartitionResult(partitions.toList());
    }

    private static PartitionResult outcome(int partition, AdminResult<?> result) {
        return new PartitionResult().setPartitionId(partition).setErrorCode(result.error().code())
                .setErrorMessage(Outcomes.message(result));
    }
}
