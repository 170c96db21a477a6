package io.sluice.kafka.produce;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.partition.AppendOutcome;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.CloseConnectionException;
import io.sluice.kafka.api.ProtocolErrors;
import io.sluice.kafka.api.RequestContext;
import io.sluice.kafka.routing.PartitionLookup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends a request's batches to their partitions. The batches are views of the request frame, all the way to the disk: the frame is held until
 * the last append ended, even where the request was answered with a time-out before.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the stages made by whenComplete have nothing to tell
final class ProduceHandler implements ApiHandler {
    private static final Logger log = LoggerFactory.getLogger(ProduceHandler.class);
    private static final short ACKS_ALL = -1;
    /** Kafka bounds only the wait for other replicas; the time a local write may take is never below this. */
    private static final int TIMEOUT_MS_MIN = 5000;

    private final Partitions partitions;
    private final Controller controller;

    ProduceHandler(Partitions partitions, Controller controller) {
        this.partitions = partitions;
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        ProduceRequestData request = (ProduceRequestData) message;
        ProduceRound round = append(context.apiVersion(), request);
        CompletableFuture<ApiMessage> response = new CompletableFuture<>();
        Runnable answer = () -> answer(context, request, round, response);
        if (round.settled().isDone()) {
            answer.run();
            return response;
        }
        Future<?> timer = context.eventLoop().schedule(() -> {
            if (!response.isDone()) {
                round.timeOut();
                Runnable release = context.holdFrame();
                round.settled().whenComplete((done, failure) -> release.run());
                answer.run();
            }
        }, Math.max(request.timeoutMs(), TIMEOUT_MS_MIN), TimeUnit.MILLISECONDS);
        round.settled().whenComplete((done, failure) -> onLoop(context, () -> {
            timer.cancel(false);
            answer.run();
        }));
        return response;
    }

    /** Runs a task on the event loop, or here if the server has stopped meanwhile: the answer, which nobody hears then, ends the use of the frame. */
    private static void onLoop(RequestContext context, Runnable task) {
        try {
            context.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private ProduceRound append(short version, ProduceRequestData request) {
        int count = 0;
        for (TopicProduceData topic : request.topicData()) {
            count += topic.partitionData().size();
        }
        ProduceRound round = new ProduceRound(count);
        AppendOutcome refusal = refusal(request);
        ClusterImage image = controller.image();
        int index = 0;
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                if (refusal == null) {
                    append(round, index, request.acks(),
                            ProduceRouting.partition(image, version, topic, partition.index()),
                            BatchCheck.of(version, partition.records()));
                } else {
                    round.settle(index, refusal);
                }
                index++;
            }
        }
        return round;
    }

    private void append(ProduceRound round, int index, short acks, PartitionLookup found, BatchCheck check) {
        if (found.error() != Errors.NONE) {
            round.settle(index, AppendOutcome.failed(found.error(), null));
        } else if (check.error() != Errors.NONE) {
            round.settle(index, AppendOutcome.failed(check.error(), check.message()));
        } else if (acks == ACKS_ALL && !partitions.hasEnoughInSync(found.ref())) {
            round.settle(index, AppendOutcome.failed(Errors.NOT_ENOUGH_REPLICAS, null));
        } else {
            stage(found, check).whenComplete((outcome, failure) -> {
                if (failure == null) {
                    round.settle(index, outcome);
                } else {
                    log.error("append to {} failed", found.ref(), failure);
                    round.settle(index, AppendOutcome.failed(ProtocolErrors.of(failure), null));
                }
            });
        }
    }

    /** Never throws: the frame must be held for the appends that are under way already. */
    private CompletionStage<AppendOutcome> stage(PartitionLookup found, BatchCheck check) {
        try {
            return partitions.append(found.ref(), check.batch());
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** What is wrong with the request as a whole, or null. */
    private static AppendOutcome refusal(ProduceRequestData request) {
        if (request.acks() < -1 || request.acks() > 1) {
            return AppendOutcome.failed(Errors.INVALID_REQUIRED_ACKS,
                    "acks is " + request.acks() + ", must be -1, 0 or 1");
        }
        if (request.transactionalId() != null) {
            // no transaction can have been begun: InitProducerId refuses transactional ids
            return AppendOutcome.failed(Errors.INVALID_TXN_STATE, "transactions are not supported");
        }
        return null;
    }

    private void answer(RequestContext context, ProduceRequestData request, ProduceRound round,
            CompletableFuture<ApiMessage> response) {
        if (response.isDone()) {
            return;
        }
        if (request.acks() != 0) {
            response.complete(
                    new ProduceAnswer(partitions, controller.image(), context.apiVersion()).of(request, round));
            return;
        }
        Errors error = firstError(request, round);
        if (error == Errors.NONE) {
            response.complete(null);
        } else {
            // with acks=0 there is no other way to tell
            response.completeExceptionally(new CloseConnectionException("Produce with acks=0 failed: " + error));
        }
    }

    private static Errors firstError(ProduceRequestData request, ProduceRound round) {
        int index = 0;
        for (TopicProduceData topic : request.topicData()) {
            for (int i = 0; i < topic.partitionData().size(); i++) {
                Errors error = round.outcome(index++).error();
                if (error != Errors.NONE) {
                    return error;
                }
            }
        }
        return Errors.NONE;
    }
}
