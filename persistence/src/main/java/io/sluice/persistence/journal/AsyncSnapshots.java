package io.sluice.persistence.journal;

import io.sluice.persistence.snapshot.SnapshotRange;
import io.sluice.persistence.snapshot.SnapshotReplicas;
import io.sluice.persistence.snapshot.StoredSnapshot;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;

/**
 * Saves, loads and deletes snapshots: on this node, and on the other replicas of logs that have some, where a majority decides. Nothing blocks but
 * work on the executor; may be used by any thread.
 */
final class AsyncSnapshots {
    private final Snapshots own;
    private final SnapshotReplicas replicas;
    private final Executor io;

    /** @param replicas null if no log is replicated */
    AsyncSnapshots(Snapshots own, SnapshotReplicas replicas, Executor io) {
        this.own = own;
        this.replicas = replicas;
        this.io = io;
    }

    /** Completes when the snapshot will survive: on this disk or, if the log is replicated, on a majority of its replicas' disks. */
    CompletionStage<Void> save(SnapshotMetadata metadata, Object snapshot) {
        String id = metadata.persistenceId();
        return onIo(() -> own.save(metadata, snapshot)).thenCompose(bytes -> isReplicated(id)
                ? replicas.saveSnapshot(id, Snapshots.name(metadata), bytes)
                : CompletableFuture.completedFuture(null));
    }

    /** The newest snapshot in a range, if there is one. */
    CompletionStage<Optional<SelectedSnapshot>> load(String persistenceId, SnapshotRange range) {
        if (!isReplicated(persistenceId)) {
            return onIo(() -> own.load(persistenceId, range));
        }
        return range.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : onIo(() -> own.newest(persistenceId, range))
                        .thenCompose(mine -> newestOfAll(persistenceId, range, mine));
    }

    /** Others are asked only for what is newer than the own one, so as a rule no snapshot travels. */
    private CompletionStage<Optional<SelectedSnapshot>> newestOfAll(String id, SnapshotRange range,
            Snapshots.Newest mine) {
        SnapshotRange newer = mine.snapshot() == null
                ? range
                : range.after(mine.snapshot().metadata().sequenceNr());
        if (newer.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.of(mine.snapshot()));
        }
        return replicas.newestSnapshot(id, newer, mine.certain()).thenCompose(found -> found.isPresent()
                ? onIo(() -> Optional.of(decode(id, found.get())))
                : CompletableFuture.completedFuture(Optional.ofNullable(mine.snapshot())));
    }

    private SelectedSnapshot decode(String id, StoredSnapshot found) throws IOException {
        return own.decode(id, found.name(), found.bytes());
    }

    /** Completes when the snapshots in a range are deleted on this node; other replicas are told. */
    CompletionStage<Void> delete(String persistenceId, SnapshotRange range) {
        return onIo(() -> {
            own.delete(persistenceId, range);
            if (isReplicated(persistenceId)) {
                replicas.deleteSnapshots(persistenceId, range);
            }
            return null;
        });
    }

    private boolean isReplicated(String persistenceId) {
        return replicas != null && replicas.isReplicated(persistenceId);
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> CompletionStage<T> onIo(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            io.execute(() -> {
                try {
                    result.complete(work.run());
                } catch (Throwable e) { // whatever a serialiser throws: an actor waits for the answer
                    result.completeExceptionally(e);
                }
            });
        } catch (RuntimeException e) { // the system is stopping
            result.completeExceptionally(e);
        }
        return result;
    }
}
