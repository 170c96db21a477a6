package io.sluice.kafka.fetch;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.partition.ActivePartition;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import io.sluice.kafka.routing.PartitionLookup;
import io.sluice.persistence.log.LogView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Tells consumers where a leader epoch ended, so that they notice when their position is not in the log any more (KIP-320). */
final class OffsetForLeaderEpochHandler implements ApiHandler {
    private static final int UNDEFINED = -1;

    private final Partitions partitions;
    private final Controller controller;

    OffsetForLeaderEpochHandler(Partitions partitions, Controller controller) {
        this.partitions = partitions;
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        OffsetForLeaderEpochRequestData request = (OffsetForLeaderEpochRequestData) message;
        ClusterImage image = controller.image();
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (OffsetForLeaderTopic topic : request.topics()) {
            OffsetForLeaderTopicResult answered = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            response.topics().add(answered);
            List<CompletableFuture<EpochEndOffset>> ofTopic = new ArrayList<>();
            for (OffsetForLeaderPartition partition : topic.partitions()) {
                ofTopic.add(answer(PartitionLookup.byName(image, topic.topic(), partition.partition()), partition));
            }
            answers.add(PartitionCalls.all(ofTopic)
                    .thenRun(() -> ofTopic.forEach(done -> answered.partitions().add(done.join()))));
        }
        return PartitionCalls.all(answers).thenApply(done -> response);
    }

    private CompletableFuture<EpochEndOffset> answer(PartitionLookup found, OffsetForLeaderPartition asked) {
        return PartitionCalls.ask(partitions, found, asked.currentLeaderEpoch(),
                active -> CompletableFuture.completedFuture(end(active, asked)),
                error -> undefined(asked).setErrorCode(error.code()));
    }

    private static EpochEndOffset end(ActivePartition partition, OffsetForLeaderPartition asked) {
        EpochEndOffset answer = undefined(asked);
        Epochs.end(partition, partition.log().view(), asked.leaderEpoch())
                .ifPresent(end -> fill(answer, end));
        return answer;
    }

    private static void fill(EpochEndOffset answer, LogView.EpochEnd end) {
        answer.setLeaderEpoch(end.leaderEpoch()).setEndOffset(end.endOffset());
    }

    private static EpochEndOffset undefined(OffsetForLeaderPartition asked) {
        return new EpochEndOffset().setPartition(asked.partition()).setLeaderEpoch(UNDEFINED).setEndOffset(UNDEFINED);
    }
}
