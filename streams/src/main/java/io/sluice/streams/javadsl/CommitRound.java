package io.sluice.streams.javadsl;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Offsets that go to the coordinator in one request, and those who wait for its answer. While it grows, {@link CommitQueue} guards it; once sent, only the consumer's thread uses it. */
final class CommitRound {

    private final Map<OwnedPartition, Long> offsets = new HashMap<>();
    private final CompletableFuture<Set<OwnedPartition>> done = new CompletableFuture<>();
    private final long begunNanos;

    CommitRound(long begunNanos) {
        this.begunNanos = begunNanos;
    }

    /** Adds offsets; of two for one partition the later counts. */
    CompletionStage<Boolean> add(Map<OwnedPartition, Long> more) {
        more.forEach((partition, offset) -> offsets.merge(partition, offset, Math::max));
        Set<OwnedPartition> asked = Set.copyOf(more.keySet());
        return done.thenApply(committed -> committed.containsAll(asked));
    }

    long begunNanos() {
        return begunNanos;
    }

    /** What is still to be sent: offsets of partitions that are held, and not committed that far already. */
    Map<OwnedPartition, Long> toSend() {
        return offsets.entrySet().stream()
                .filter(entry -> entry.getKey().isHeld() && !entry.getKey().isCommitted(entry.getValue()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Takes over what another round has to send, and its answer. */
    void absorb(CommitRound other) {
        other.offsets.forEach((partition, offset) -> offsets.merge(partition, offset, Math::max));
        done.minimalCompletionStage().whenComplete((committed, failure) -> {
            if (failure == null) {
                other.complete();
            } else {
                other.fail(failure);
            }
        });
    }

    /** Tells those who wait which partitions are committed. */
    void complete() {
        done.complete(offsets.entrySet().stream().filter(entry -> entry.getKey().isCommitted(entry.getValue()))
                .map(Map.Entry::getKey).collect(Collectors.toUnmodifiableSet()));
    }

    void fail(Throwable cause) {
        done.completeExceptionally(cause);
    }
}
