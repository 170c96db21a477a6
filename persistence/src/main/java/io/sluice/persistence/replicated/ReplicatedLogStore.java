package io.sluice.persistence.replicated;

import io.sluice.persistence.log.IntactCopies;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.ReplicaLog;
import io.sluice.persistence.snapshot.SnapshotName;
import io.sluice.persistence.snapshot.SnapshotRange;
import io.sluice.persistence.snapshot.SnapshotReplicas;
import io.sluice.persistence.snapshot.StoredSnapshot;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The logs of this node: those that have replicas elsewhere, and those that are its own alone. */
final class ReplicatedLogStore implements LogStore, SnapshotReplicas {
    private final LogStore own;
    private final ReplicaSets sets;
    private final Terms terms;
    private final SnapshotReplicas snapshots;
    private final Runnable onClose;

    ReplicatedLogStore(LogStore own, ReplicaSets sets, Terms terms, SnapshotReplicas snapshots, Runnable onClose) {
        this.own = own;
        this.sets = sets;
        this.terms = terms;
        this.snapshots = snapshots;
        this.onClose = onClose;
    }

    @Override
    public CompletionStage<Log> open(String persistenceId) {
        return sets.of(persistenceId).isEmpty()
                ? own.open(persistenceId).thenApply(this::replicatedIfReplica)
                : own.openReplica(persistenceId).thenApply(log -> new ReplicatedLog(log, terms));
    }

    /** What was promised once is claimed by promises for ever, even if this copy is the only one again. */
    private Log replicatedIfReplica(Log log) {
        return log instanceof ReplicaLog replica && replica.isReplica() ? new ReplicatedLog(replica, terms) : log;
    }

    @Override
    public CompletionStage<ReplicaLog> openReplica(String persistenceId) {
        return own.openReplica(persistenceId);
    }

    @Override
    public Optional<Log> ifOpen(String persistenceId) {
        return own.ifOpen(persistenceId).map(this::replicatedIfReplica);
    }

    @Override
    public void mendFrom(IntactCopies copies) {
        own.mendFrom(copies);
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
    public boolean isReplicated(String persistenceId) {
        return snapshots.isReplicated(persistenceId);
    }

    @Override
    public CompletionStage<Void> saveSnapshot(String persistenceId, SnapshotName name, ByteBuffer bytes) {
        return snapshots.saveSnapshot(persistenceId, name, bytes);
    }

    @Override
    public CompletionStage<Optional<StoredSnapshot>> newestSnapshot(String persistenceId, SnapshotRange range,
            boolean ownCounts) {
        return snapshots.newestSnapshot(persistenceId, range, ownCounts);
    }

    @Override
    public void deleteSnapshots(String persistenceId, SnapshotRange range) {
        snapshots.deleteSnapshots(persistenceId, range);
    }

    @Override
    public void close() {
        onClose.run();
        own.close();
    }
}
