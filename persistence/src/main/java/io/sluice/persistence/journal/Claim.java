package io.sluice.persistence.journal;

import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EntryBatch.Kind;
import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorRef;

/**
 * The right of one incarnation of a persistent actor to write to its log, won at recovery. It needs no lease: the store closes the files of a
 * log that rests and opens them again on use, and the log remembers who claimed it as long as somebody has its handle.
 *
 * <p>Used by the journal's actor only; what runs on threads of the store touches no field.
 */
final class Claim {
    private final String persistenceId;
    private final ActorRef owner;
    /** Writes that come before the log is claimed are links of this chain, so they start in order. */
    private CompletableFuture<Held> held;

    Claim(LogStore store, String persistenceId, ActorRef owner) {
        this.persistenceId = persistenceId;
        this.owner = owner;
        this.held = store.open(persistenceId)
                .thenCompose(log -> log.claim().thenApply(epoch -> new Held(log, epoch)))
                .toCompletableFuture();
    }

    /** A claimed log and its epoch. */
    record Held(Log log, int leaderEpoch) {}

    ActorRef owner() {
        return owner;
    }

    /** Completes when the log is claimed, on a thread of the store. */
    CompletionStage<Held> held() {
        return held;
    }

    /** Gives the log up: its owner has stopped, and all that it wrote is answered. */
    @SuppressWarnings("FutureReturnValueIgnored") // a claim that failed needs no giving up
    void resign() {
        held.thenAccept(h -> h.log().resign(h.leaderEpoch()));
    }

    /** Appends after everything appended before. Fails with {@link FencedException} if the claim was lost. */
    CompletionStage<Void> append(List<EntryBatch> batches) {
        CompletableFuture<Held> now = held;
        if (now.isDone() && !now.isCompletedExceptionally()) {
            return append(now.join(), batches);
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        held = now.whenComplete((h, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                append(h, batches).whenComplete((done, e) -> {
                    if (e != null) {
                        result.completeExceptionally(e);
                    } else {
                        result.complete(null);
                    }
                });
            }
        });
        return result;
    }

    private CompletionStage<Void> append(Held h, List<EntryBatch> batches) {
        try {
            for (int i = 0; i < batches.size(); i++) {
                prepare(batches.get(i), h.leaderEpoch());
            }
            return h.log().append(h.leaderEpoch(), batches);
        } catch (FencedException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void prepare(EntryBatch batch, int leaderEpoch) throws FencedException {
        int at = batch.bytes().position();
        if (batch.kind() == Kind.EVENTS) {
            BatchHeader.patch(batch.bytes(), at, batch.firstSequenceNr() - 1, leaderEpoch);
        } else if (batch.bytes().getInt(at + BatchHeader.LEADER_EPOCH_POSITION) != leaderEpoch) {
            throw new FencedException("batch of \"" + persistenceId + "\" carries leader epoch "
                    + batch.bytes().getInt(at + BatchHeader.LEADER_EPOCH_POSITION) + ", the claimed one is "
                    + leaderEpoch);
        }
    }
}
