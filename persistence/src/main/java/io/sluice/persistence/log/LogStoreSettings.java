package io.sluice.persistence.log;

import io.sluice.persistence.log.compact.CompactionSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * What a {@link FileLogStore} needs to know.
 *
 * @param directory the data directory; made if it is missing
 * @param defaults the settings a log has until {@link Log#configure}
 * @param ioThreads threads that write; each log is written by one at a time
 * @param readerThreads threads that open, recover, check and search logs
 * @param indexIntervalBytes how many bytes of batches lie between two entries of an index, about
 * @param maxOpenFiles how many files logs keep open, about; beyond that, those of the logs not used for longest are closed
 * @param idleClose a log without lease that was not used for this long closes its files
 * @param checkpointInterval how often written logs are flushed and their recovery point moves
 * @param retentionCheckInterval how often open logs apply retention
 * @param compaction what compaction of all logs may take
 * @param clock the time that rolling and retention follow
 */
public record LogStoreSettings(Path directory, LogConfig defaults, int ioThreads, int readerThreads,
        int indexIntervalBytes, int maxOpenFiles, Duration idleClose, Duration checkpointInterval,
        Duration retentionCheckInterval,
        CompactionSettings compaction, Clock clock) {

    public LogStoreSettings {
        atLeast(1, ioThreads, "ioThreads");
        atLeast(1, readerThreads, "readerThreads");
        atLeast(1, indexIntervalBytes, "indexIntervalBytes");
        atLeast(1, maxOpenFiles, "maxOpenFiles");
        atLeast(1, idleClose.toMillis(), "idleClose in ms");
        atLeast(1, checkpointInterval.toMillis(), "checkpointInterval in ms");
        atLeast(1, retentionCheckInterval.toMillis(), "retentionCheckInterval in ms");
    }

    /** The defaults: 2 threads each, 16 KiB, half of the files that the process may open, idle after 5 min, checkpoint each 30 s, retention each 5 min. */
    public static LogStoreSettings of(Path directory) {
        return new LogStoreSettings(directory, LogConfig.EVENTS, 2, 2, 16 * 1024,
                OpenFiles.halfOfLimit(), Duration.ofMinutes(5),
                Duration.ofSeconds(30), Duration.ofMinutes(5), CompactionSettings.DEFAULT, Clock.systemUTC());
    }

    /** The same with other settings for new logs. */
    public LogStoreSettings withDefaults(LogConfig config) {
        return new LogStoreSettings(directory, config, ioThreads, readerThreads, indexIntervalBytes, maxOpenFiles,
                idleClose,
                checkpointInterval, retentionCheckInterval, compaction, clock);
    }

    /** The same with other numbers of threads. */
    public LogStoreSettings withThreads(int io, int readers) {
        return new LogStoreSettings(directory, defaults, io, readers, indexIntervalBytes, maxOpenFiles, idleClose,
                checkpointInterval,
                retentionCheckInterval, compaction, clock);
    }

    /** The same with another index interval, in bytes. */
    public LogStoreSettings withIndexInterval(int bytes) {
        return new LogStoreSettings(directory, defaults, ioThreads, readerThreads, bytes, maxOpenFiles, idleClose,
                checkpointInterval,
                retentionCheckInterval, compaction, clock);
    }

    /** The same with another number of files that are kept open, or the default for 0. */
    public LogStoreSettings withMaxOpenFiles(int files) {
        return new LogStoreSettings(directory, defaults, ioThreads, readerThreads, indexIntervalBytes,
                files == 0 ? OpenFiles.halfOfLimit() : files, idleClose, checkpointInterval, retentionCheckInterval,
                compaction, clock);
    }

    /** The same with other times for closing idle logs, checkpoints and retention. */
    public LogStoreSettings withIntervals(Duration idle, Duration checkpoint, Duration retentionCheck) {
        return new LogStoreSettings(directory, defaults, ioThreads, readerThreads, indexIntervalBytes, maxOpenFiles,
                idle, checkpoint,
                retentionCheck, compaction, clock);
    }

    /** The same with other limits for compaction. */
    public LogStoreSettings withCompaction(CompactionSettings other) {
        return new LogStoreSettings(directory, defaults, ioThreads, readerThreads, indexIntervalBytes, maxOpenFiles,
                idleClose,
                checkpointInterval, retentionCheckInterval, other, clock);
    }

    /** The same with another clock. */
    public LogStoreSettings withClock(Clock other) {
        return new LogStoreSettings(directory, defaults, ioThreads, readerThreads, indexIntervalBytes, maxOpenFiles,
                idleClose,
                checkpointInterval, retentionCheckInterval, compaction, other);
    }

    private static void atLeast(long least, long value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
    }
}
