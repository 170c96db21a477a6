package io.sluice.persistence.log;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * All logs of one data directory. The directory is locked while the store is open. Logs open (and recover) on first use and close when idle.
 * Safe for use by any thread.
 */
public interface LogStore extends AutoCloseable {

    /** Opens or creates the log of an id, which may hold any characters. Nothing is written before the first append. */
    CompletionStage<Log> open(String persistenceId);

    /**
     * As {@link #open}, for a log that is one replica of several. Its high watermark does not follow its end any more, and only
     * {@link ReplicaLog#atomically} claims it; the first promise makes that last beyond a restart. A log that was the only copy before keeps its high
     * watermark; after a restart it is known to be at the log start at least.
     *
     * <p>Damaged batches whose neighbours are intact are mended first, see {@link #mendFrom}. Fails as long as they are not, and for good if files of a
     * replica are damaged or lost, so that it might have forgotten a promise or an acknowledged record: it may not take part any more. {@link #delete} it
     * and bring in a new replica.
     */
    CompletionStage<ReplicaLog> openReplica(String persistenceId);

    /** The log if it is open now. */
    Optional<Log> ifOpen(String persistenceId);

    /** Has replicas that are found damaged mended from now on by what others have. */
    void mendFrom(IntactCopies copies);

    /** The ids of all logs that have files. */
    Set<String> persistenceIds();

    /** Closes the log and deletes its files; slices already handed out stay readable. */
    CompletionStage<Void> delete(String persistenceId);

    /** The data directory. */
    Path directory();

    /** Bytes on disk of the log with this id, without opening it; 0 if it has no files. */
    long sizeInBytes(String persistenceId);

    /** Flushes and closes all logs, marks the directory as cleanly stopped and unlocks it. Waits for running work. */
    @Override
    void close();
}
