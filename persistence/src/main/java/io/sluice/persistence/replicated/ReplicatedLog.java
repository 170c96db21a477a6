package io.sluice.persistence.replicated;

import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.log.LogView;
import io.sluice.persistence.log.ReplicaLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A log as its owner on this node sees it: reads go to the own copy, claims and appends to all. */
final class ReplicatedLog implements Log {
    private final ReplicaLog own;
    private final Terms terms;

    ReplicatedLog(ReplicaLog own, Terms terms) {
        this.own = own;
        this.terms = terms;
    }

    @Override
    public String persistenceId() {
        return own.persistenceId();
    }

    @Override
    public LogView view() {
        return own.view();
    }

    @Override
    public int leaderEpoch() {
        Led led = terms.of(persistenceId());
        return led != null && led.isActive() ? led.epoch() : -1;
    }

    @Override
    public EntryBatch.Kind kind() {
        return own.kind();
    }

    @Override
    public CompletionStage<Integer> claim() {
        return terms.begin(own);
    }

    @Override
    public void resign(int leaderEpoch) {
        Led led = terms.of(persistenceId());
        if (led != null && led.epoch() == leaderEpoch) {
            led.resign();
        }
    }

    @Override
    public CompletionStage<Void> append(int leaderEpoch, List<EntryBatch> batches) {
        Led led = terms.of(persistenceId());
        return led != null && led.epoch() == leaderEpoch
                ? led.append(batches)
                : CompletableFuture.failedFuture(new FencedException(
                        persistenceId() + ": this node's term of epoch " + leaderEpoch + " is over"));
    }

    @Override
    public void configure(LogConfig config) {
        own.configure(config);
        terms.configured(persistenceId());
    }

    @Override
    public CompletionStage<Long> deleteRecordsBefore(long offset) {
        Led led = terms.of(persistenceId());
        return led == null
                ? CompletableFuture.failedFuture(new FencedException(persistenceId() + ": this node does not lead it"))
                : own.deleteRecordsBefore(offset).thenCompose(led::logStartEverywhere);
    }

    @Override
    public CompletionStage<Void> deleteEventsTo(long sequenceNr) {
        return own.deleteEventsTo(sequenceNr);
    }

    @Override
    public CompletionStage<Integer> applyRetention() {
        return own.applyRetention();
    }

    @Override
    public Registration onNextChange(Runnable waiter) {
        return own.onNextChange(waiter);
    }

    @Override
    public Lease lease() {
        return own.lease();
    }
}
