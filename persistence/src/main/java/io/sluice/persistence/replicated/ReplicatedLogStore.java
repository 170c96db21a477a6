package io.sluice.persistence.replicated;

import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.ReplicaLog;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The logs of this node: those that have replicas elsewhere, and those that are its own alone. */
final class ReplicatedLogStore implements LogStore {
    private final LogStore own;
    private final ReplicaSets sets;
    private final Terms terms;
    private final Runnable onClose;

    ReplicatedLogStore(LogStore own, ReplicaSets sets, Terms terms, Runnable onClose) {
        this.own = own;
        this.sets = sets;
        this.terms = terms;
        this.onClose = onClose;
    }

    @Override
    public CompletionStage<Log> open(String persistenceId) {
        return sets.of(persistenceId).isEmpty()
                ? own.open(persistenceId)
                : own.openReplica(persistenceId).thenApply(log -> new ReplicatedLog(log, terms));
    }

    @Override
    public CompletionStage<ReplicaLog> openReplica(String persistenceId) {
        return own.openReplica(persistenceId);
    }

    @Override
    public Optional<Log> ifOpen(String persistenceId) {
        return own.ifOpen(persistenceId)
                .map(log -> log instanceof ReplicaLog replica && sets.of(persistenceId).isPresent()
                        ? new ReplicatedLog(replica, terms)
                        : log);
    }

    @Override
    public Set<String> persistenceIds() {
        return own.persistenceIds();
    }

    @Override
    public CompletionStage<Void> delete(String persistenceId) {
        Led led = terms.of(persistenceId);
        if (led != null) {
            led.resign();
        }
        return own.delete(persistenceId);
    }

    @Override
    public Path directory() {
        return own.directory();
    }

    @Override
    public long sizeInBytes(String persistenceId) {
        return own.sizeInBytes(persistenceId);
    }

    @Override
    public boolean mayHaveLostWrites() {
        return own.mayHaveLostWrites();
    }

    @Override
    public void lostWritesSettled() {
        own.lostWritesSettled();
    }

    @Override
    public void close() {
        onClose.run();
        own.close();
    }
}
