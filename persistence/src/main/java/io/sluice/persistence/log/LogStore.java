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

    /** The log if it is open now. */
    Optional<Log> ifOpen(String persistenceId);

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
