package io.sluice.kafka.produce;

import io.sluice.actors.partition.AppendOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.common.protocol.Errors;

/** The outcomes of one Produce request's partitions, as they come in. Each has one outcome: the first. Safe for any thread. */
final class ProduceRound {
    private final AtomicReferenceArray<AppendOutcome> outcomes;
    private final AtomicInteger open;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    ProduceRound(int partitions) {
        outcomes = new AtomicReferenceArray<>(partitions);
        open = new AtomicInteger(partitions);
        if (partitions == 0) {
            settled.complete(null);
        }
    }

    /** Takes the end of a partition's append, once for each. */
    void settle(int index, AppendOutcome outcome) {
        outcomes.compareAndSet(index, null, outcome);
        if (open.decrementAndGet() == 0) {
            settled.complete(null);
        }
    }

    /** Completes when no append is under way, however the request was answered: then nobody reads the batches any more. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    /** Gives every partition without an outcome that of a time-out. */
    void timeOut() {
        AppendOutcome timedOut = AppendOutcome.failed(Errors.REQUEST_TIMED_OUT, "not stored in time, may yet be");
        for (int i = 0; i < outcomes.length(); i++) {
            outcomes.compareAndSet(i, null, timedOut);
        }
    }

    /** A partition's outcome, or null while there is none. */
    AppendOutcome outcome(int index) {
        return outcomes.get(index);
    }
}
