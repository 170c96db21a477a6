package io.sluice.persistence.journal;

import com.typesafe.config.Config;
import io.sluice.persistence.SluicePersistence;
import io.sluice.persistence.log.LogStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/**
 * The snapshot store plugin, {@code sluice.persistence.snapshot-store}: a file per snapshot under {@code snapshots/} in the data directory. Files are
 * read and written on a dispatcher of its own.
 */
public final class SluiceSnapshotStore extends SnapshotStore {
    private final SluicePersistence persistence;
    private final PayloadCodec codec;
    private final int keepLast;
    private final Executor io;
    private Snapshots snapshots;

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

    /** Deletes all snapshots of an id. Blocks. */
    static void deleteAll(LogStore store, String persistenceId) throws IOException {
        new SnapshotFiles(directory(store), 0).deleteAll(persistenceId);
    }

    private static Path directory(LogStore store) {
        return store.directory().resolve("snapshots");
    }

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return run(s -> s.load(persistenceId, criteria));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return run(s -> {
            s.save(metadata, snapshot);
            return null;
        });
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        return run(s -> {
            s.delete(metadata);
            return null;
        });
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return run(s -> {
            s.delete(persistenceId, criteria);
            return null;
        });
    }

    private interface Work<T> {
        T on(Snapshots snapshots) throws IOException;
    }

    private <T> Future<T> run(Work<T> work) {
        Promise<T> promise = Futures.promise();
        try {
            Snapshots s = snapshots();
            io.execute(() -> {
                try {
                    promise.success(work.on(s));
                } catch (Throwable e) { // whatever a serialiser throws: an actor waits for the answer
                    promise.failure(e);
                }
            });
        } catch (RuntimeException e) { // no data directory, or the system is stopping
            promise.tryFailure(e);
        }
        return promise.future();
    }

    private Snapshots snapshots() {
        if (snapshots == null) {
            LogStore store = persistence.store();
            snapshots = new Snapshots(new SnapshotFiles(directory(store), keepLast), codec,
                    store);
        }
        return snapshots;
    }
}
