package io.sluice.kafka.fetch;

import io.sluice.actors.partition.ActivePartition;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ProtocolErrors;
import io.sluice.kafka.routing.LeaderEpochs;
import io.sluice.kafka.routing.PartitionLookup;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the partitions of a request one question each. */
final class PartitionCalls {
    private static final Logger log = LoggerFactory.getLogger(PartitionCalls.class);

    private PartitionCalls() {
    }

    /**
     * Asks the partition if this node leads it at the epoch the client believes in, starting it where needed.
     *
     * @param failed turns an error into the answer
     */
    static <T> CompletableFuture<T> ask(Partitions partitions, PartitionLookup found, int claimedEpoch,
            Function<ActivePartition, CompletionStage<T>> question, Function<Errors, T> failed) {
        if (found.error() != Errors.NONE) {
            return CompletableFuture.completedFuture(failed.apply(found.error()));
        }
        ActivePartition active = partitions.active(found.ref());
        CompletionStage<ActivePartition> up = active != null
                ? CompletableFuture.completedFuture(active)
                : partitions.activate(found.ref());
        return up.thenCompose(partition -> {
            Errors epochs = LeaderEpochs.check(claimedEpoch, partition.leaderEpoch());
            return epochs == Errors.NONE
                    ? question.apply(partition)
                    : CompletableFuture.completedFuture(failed.apply(epochs));
        }).exceptionally(failure -> {
            Throwable cause = ProtocolErrors.cause(failure);
            if (!(cause instanceof ApiException)) {
                log.error("request for {} failed: {}", found.ref(), cause.toString());
            }
            return failed.apply(ProtocolErrors.of(cause));
        }).toCompletableFuture();
    }

    /** Completes when all have. */
    static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> answers) {
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    }
}
