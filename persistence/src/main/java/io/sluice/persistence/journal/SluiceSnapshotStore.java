package io.sluice.persistence.journal;

import com.typesafe.config.Config;
import io.sluice.persistence.SluicePersistence;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.snapshot.SnapshotFiles;
import io.sluice.persistence.snapshot.SnapshotRange;
import io.sluice.persistence.snapshot.SnapshotReplicas;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import scala.concurrent.Future;

/**
 * The snapshot store plugin, {@code sluice.persistence.snapshot-store}: a file per snapshot under {@code snapshots/} in the data directory. Files are
 * read and written on a dispatcher of its own. A snapshot of a replicated log is saved when a majority of the log's replicas has it.
 */
public final class SluiceSnapshotStore extends SnapshotStore {
    private final SluicePersistence persistence;
    private final PayloadCodec codec;
    private final int keepLast;
    private final Executor io;
    private AsyncSnapshots snapshots;

    /** Called by Pekko, with the plugin's own section of the configuration and its path. */
    public SluiceSnapshotStore(Config config, String path) {
        ExtendedActorSystem system = (ExtendedActorSystem) context().system();
        persistence = SluicePersistence.get(system);
        codec = new PayloadCodec(system);
        keepLast = config.getInt("keep-last");
        if (keepLast < 0) {
            throw new IllegalArgumentException(path + ".keep-last is " + keepLast + ", must be at least 0");
        }
        io = system.dispatchers().lookup(path + ".io-dispatcher");
    }

    /** Deletes all snapshots of an id on this node. Blocks. */
    static void deleteAll(LogStore store, String persistenceId) throws IOException {
        new SnapshotFiles(SnapshotFiles.directory(store.directory()), 0).deleteAll(persistenceId);
    }

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return future(s -> s.load(persistenceId, range(criteria)));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return future(s -> s.save(metadata, snapshot));
    }

    /** A timestamp of 0 stands for any. */
    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        boolean any = metadata.timestamp() == 0;
        return future(s -> s.delete(metadata.persistenceId(),
                new SnapshotRange(metadata.sequenceNr(), metadata.sequenceNr(), any ? 0 : metadata.timestamp(),
                        any ? Long.MAX_VALUE : metadata.timestamp())));
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return future(s -> s.delete(persistenceId, range(criteria)));
    }

    private static SnapshotRange range(SnapshotSelectionCriteria criteria) {
        return new SnapshotRange(criteria.minSequenceNr(), criteria.maxSequenceNr(), criteria.minTimestamp(),
                criteria.maxTimestamp());
    }

    private <T> Future<T> future(Function<AsyncSnapshots, CompletionStage<T>> work) {
        try {
            return Stages.future(work.apply(snapshots()), result -> result);
        } catch (RuntimeException e) { // no data directory
            return Futures.failed(e);
        }
    }

    private AsyncSnapshots snapshots() {
        if (snapshots == null) {
            LogStore store = persistence.store();
            SnapshotFiles files = new SnapshotFiles(SnapshotFiles.directory(store.directory()), keepLast);
            snapshots = new AsyncSnapshots(new Snapshots(files, codec, store),
                    store instanceof SnapshotReplicas replicas ? replicas : null, io);
        }
        return snapshots;
    }
}
