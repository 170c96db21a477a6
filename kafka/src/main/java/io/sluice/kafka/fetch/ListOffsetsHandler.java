package io.sluice.kafka.fetch;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import io.sluice.kafka.routing.PartitionLookup;
import io.sluice.persistence.log.LogView.TimestampedOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Finds offsets by time or place. */
final class ListOffsetsHandler implements ApiHandler {
    private static final short LEADER_EPOCH_SINCE = 4;

    private final Partitions partitions;
    private final Controller controller;

    ListOffsetsHandler(Partitions partitions, Controller controller) {
        this.partitions = partitions;
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        ListOffsetsRequestData request = (ListOffsetsRequestData) message;
        ClusterImage image = controller.image();
        Set<TopicPartition> duplicates = duplicates(request);
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (ListOffsetsTopic topic : request.topics()) {
            List<CompletableFuture<ListOffsetsPartitionResponse>> ofTopic = new ArrayList<>();
            for (ListOffsetsPartition partition : topic.partitions()) {
                boolean twice = duplicates.contains(new TopicPartition(topic.name(), partition.partitionIndex()));
                ofTopic.add(twice
                        ? CompletableFuture.completedFuture(failed(partition, Errors.INVALID_REQUEST))
                        : answer(context.apiVersion(),
                                PartitionLookup.byName(image, topic.name(), partition.partitionIndex()), partition));
            }
            ListOffsetsTopicResponse answered = new ListOffsetsTopicResponse().setName(topic.name());
            response.topics().add(answered);
            answers.add(PartitionCalls.all(ofTopic)
                    .thenRun(() -> ofTopic.forEach(done -> answered.partitions().add(done.join()))));
        }
        return PartitionCalls.all(answers).thenApply(done -> response);
    }

    private CompletableFuture<ListOffsetsPartitionResponse> answer(short version, PartitionLookup found,
            ListOffsetsPartition asked) {
        return PartitionCalls.ask(partitions, found, asked.currentLeaderEpoch(),
                active -> OffsetQuery.answer(active, version, asked.timestamp())
                        .thenApply(at -> answer(version, asked, at)),
                error -> failed(asked, error));
    }

    /** Before version 4 there is no field for the leader epoch, and the codec refuses a value. */
    private static ListOffsetsPartitionResponse answer(short version, ListOffsetsPartition asked,
            TimestampedOffset found) {
        ListOffsetsPartitionResponse answer = answer(asked, found);
        return version < LEADER_EPOCH_SINCE ? answer.setLeaderEpoch(OffsetQuery.NOTHING.leaderEpoch()) : answer;
    }

    private static ListOffsetsPartitionResponse answer(ListOffsetsPartition asked, TimestampedOffset found) {
        return new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex())
                .setTimestamp(found.timestamp()).setOffset(found.offset()).setLeaderEpoch(found.leaderEpoch());
    }

    private static ListOffsetsPartitionResponse failed(ListOffsetsPartition asked, Errors error) {
        return answer(asked, OffsetQuery.NOTHING).setErrorCode(error.code());
    }

    private static Set<TopicPartition> duplicates(ListOffsetsRequestData request) {
        Set<TopicPartition> seen = new HashSet<>();
        Set<TopicPartition> twice = new HashSet<>();
        for (ListOffsetsTopic topic : request.topics()) {
            for (ListOffsetsPartition partition : topic.partitions()) {
                TopicPartition named = new TopicPartition(topic.name(), partition.partitionIndex());
                if (!seen.add(named)) {
                    twice.add(named);
                }
            }
        }
        return twice;
    }
}
