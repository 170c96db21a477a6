package io.sluice.kafka.admin;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.Partitions;
import io.sluice.actors.partition.Partitions.DeleteRecordsOutcome;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DeleteRecords (KIP-107): moves the log start offset of partitions that this node leads. */
final class DeleteRecordsHandler implements ApiHandler {

    /** The offset that stands for the high watermark. */
    private static final long HIGH_WATERMARK = -1;

    /**
     * Shortest wait for a partition, in milliseconds. The request's timeout is for the other replicas, and may be 0; the leader's own work, which
     * may begin with opening the log, is not meant by it.
     */
    private static final int WAIT_MIN_MS = 1000;

    private final Controller controller;
    private final Partitions partitions;

    DeleteRecordsHandler(Controller controller, Partitions partitions) {
        this.controller = controller;
        this.partitions = partitions;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public CompletionStage<DeleteRecordsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (DeleteRecordsRequestData) message;
        ClusterImage image = controller.image();
        int waitMs = Math.max(WAIT_MIN_MS, request.timeoutMs());
        Map<TopicPartition, CompletableFuture<DeleteRecordsOutcome>> outcomes = new LinkedHashMap<>();
        lastOffsets(request).forEach(
                (partition, offset) -> outcomes.put(partition, delete(image, partition, offset, waitMs)));
        return CompletableFuture.allOf(outcomes.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> answer(outcomes));
    }

    /** The offset of each partition; of several the last counts. */
    private static Map<TopicPartition, Long> lastOffsets(DeleteRecordsRequestData request) {
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        request.topics().forEach(topic -> topic.partitions().forEach(partition -> offsets
                .put(new TopicPartition(topic.name(), partition.partitionIndex()), partition.offset())));
        return offsets;
    }

    /** Never fails. */
    private CompletableFuture<DeleteRecordsOutcome> delete(ClusterImage image, TopicPartition partition, long offset,
            int waitMs) {
        if (Topic.isInternal(partition.topic())) {
            return refused(Errors.INVALID_TOPIC_EXCEPTION);
        }
        TopicImage topic = image.topic(partition.topic()).orElse(null);
        if (topic == null || !topic.hasPartition(partition.partition())) {
            return refused(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (offset < HIGH_WATERMARK) {
            return refused(Errors.OFFSET_OUT_OF_RANGE);
        }
        return partitions.deleteRecords(new PartitionRef(topic.id(), topic.name(), partition.partition()), offset)
                .exceptionally(failure -> new DeleteRecordsOutcome(Outcomes.failed(failure).error(), -1))
                .toCompletableFuture().copy()
                .completeOnTimeout(new DeleteRecordsOutcome(Errors.REQUEST_TIMED_OUT, -1), waitMs,
                        TimeUnit.MILLISECONDS);
    }

    private static CompletableFuture<DeleteRecordsOutcome> refused(Errors error) {
        return CompletableFuture.completedFuture(new DeleteRecordsOutcome(error, -1));
    }

    private static DeleteRecordsResponseData answer(
            Map<TopicPartition, CompletableFuture<DeleteRecordsOutcome>> outcomes) {
        var response = new DeleteRecordsResponseData();
        outcomes.forEach((partition, done) -> {
            DeleteRecordsTopicResult topic = response.topics().find(partition.topic());
            if (topic == null) {
                topic = new DeleteRecordsTopicResult().setName(partition.topic());
                response.topics().add(topic);
            }
            DeleteRecordsOutcome outcome = done.join();
            topic.partitions().add(new DeleteRecordsPartitionResult().setPartitionIndex(partition.partition())
                    .setLowWatermark(outcome.lowWatermark()).setErrorCode(outcome.error().code()));
        });
        return response;
    }
}
