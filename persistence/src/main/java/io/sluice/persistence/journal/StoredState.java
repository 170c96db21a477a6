package io.sluice.persistence.journal;

import io.sluice.persistence.SluicePersistence;
import io.sluice.persistence.log.LogStore;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;

/** All that is stored of a persistence id, log and snapshots together. */
public final class StoredState {
    private static final String IO_DISPATCHER = "sluice.persistence.snapshot-store.io-dispatcher";

    private StoredState() {
    }

    /**
     * Deletes an id's snapshots, then its log, so that an interrupted deletion can be found and repeated by the log's being there. The id's actor
     * must have stopped. Completes on a thread of the store, exceptionally with an {@link IOException} if the disk refuses.
     */
    public static CompletionStage<Void> delete(ActorSystem system, String persistenceId) {
        LogStore logs = SluicePersistence.get(system).store();
        return CompletableFuture
                .runAsync(() -> deleteSnapshots(logs, persistenceId), system.dispatchers().lookup(IO_DISPATCHER))
                .thenCompose(done -> logs.delete(persistenceId));
    }

    private static void deleteSnapshots(LogStore logs, String persistenceId) {
        try {
            SluiceSnapshotStore.deleteAll(logs, persistenceId);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
