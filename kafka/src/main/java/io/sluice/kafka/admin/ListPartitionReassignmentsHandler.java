package io.sluice.kafka.admin;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import io.sluice.kafka.metadata.ReassigningReplicas;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** ListPartitionReassignments (KIP-455): the partitions that are being moved, out of this node's image. What is not moved, or not there, is left out. */
final class ListPartitionReassignmentsHandler implements ApiHandler {

    private final Controller controller;

    ListPartitionReassignmentsHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<ListPartitionReassignmentsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (ListPartitionReassignmentsRequestData) message;
        ClusterImage image = controller.image();
        Stream<OngoingTopicReassignment> topics = request.topics() == null
                ? image.topics().stream()
                        .map(topic -> ongoing(topic, IntStream.range(0, topic.partitionCount()).boxed().toList()))
                : request.topics().stream().flatMap(asked -> image.topic(asked.name()).stream()
                        .map(topic -> ongoing(topic, asked.partitionIndexes())));
        return CompletableFuture.completedFuture(new ListPartitionReassignmentsResponseData()
                .setTopics(topics.filter(topic -> !topic.partitions().isEmpty()).toList()));
    }

    private static OngoingTopicReassignment ongoing(TopicImage topic, List<Integer> partitions) {
        return new OngoingTopicReassignment().setName(topic.name()).setPartitions(partitions.stream().distinct()
                .filter(topic::hasPartition).filter(partition -> topic.configuration(partition).isReassigning())
                .map(partition -> ongoing(partition, ReassigningReplicas.of(topic, partition))).toList());
    }

    private static OngoingPartitionReassignment ongoing(int partition, ReassigningReplicas replicas) {
        return new OngoingPartitionReassignment().setPartitionIndex(partition).setReplicas(replicas.all())
                .setAddingReplicas(replicas.adding()).setRemovingReplicas(replicas.removing());
    }
}
