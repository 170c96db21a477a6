package io.sluice.kafka.admin;

import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.controller.Controller.NewReplicas;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** AlterPartitionReassignments (KIP-455): partitions move to other nodes in the background, or stop doing so; version 1 can keep the factor (KIP-860). */
final class AlterPartitionReassignmentsHandler implements ApiHandler {

    private final Controller controller;

    AlterPartitionReassignmentsHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<AlterPartitionReassignmentsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (AlterPartitionReassignmentsRequestData) message;
        if (request.timeoutMs() <= 0) {
            return CompletableFuture.completedFuture(
                    answer(request, partition -> AdminResult.failed(Errors.REQUEST_TIMED_OUT, null)));
        }
        Map<TopicPartition, Long> times = request.topics().stream()
                .flatMap(topic -> topic.partitions().stream().map(partition -> key(topic, partition)))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        List<NewReplicas> changes = request.topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition -> times.get(key(topic, partition)) == 1).map(partition -> new NewReplicas(
                                topic.name(), partition.partitionIndex(), partition.replicas())))
                .toList();
        var altered = changes.isEmpty()
                ? CompletableFuture.completedFuture(Map.<TopicPartition, AdminResult<Void>>of())
                : controller.alterReassignments(changes, request.allowReplicationFactorChange(),
                        Duration.ofMillis(request.timeoutMs()));
        return Outcomes.of(altered).thenApply(outcomes -> answer(request, key -> times.get(key) > 1
                ? AdminResult.failed(Errors.INVALID_REQUEST, key + " is in the request more than once")
                : outcomes.apply(key)));
    }

    private static AlterPartitionReassignmentsResponseData answer(AlterPartitionReassignmentsRequestData request,
            Function<TopicPartition, AdminResult<Void>> outcome) {
        return new AlterPartitionReassignmentsResponseData()
                .setAllowReplicationFactorChange(request.allowReplicationFactorChange())
                .setResponses(request.topics().stream().map(topic -> new ReassignableTopicResponse()
                        .setName(topic.name())
                        .setPartitions(topic.partitions().stream()
                                .map(partition -> answer(partition, outcome.apply(key(topic, partition)))).toList()))
                        .toList());
    }

    private static ReassignablePartitionResponse answer(ReassignablePartition partition, AdminResult<Void> result) {
        return new ReassignablePartitionResponse().setPartitionIndex(partition.partitionIndex())
                .setErrorCode(result.error().code()).setErrorMessage(Outcomes.message(result));
    }

    private static TopicPartition key(ReassignableTopic topic, ReassignablePartition partition) {
        return new TopicPartition(topic.name(), partition.partitionIndex());
    }
}
