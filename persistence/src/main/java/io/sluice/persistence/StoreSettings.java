package io.sluice.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sluice.persistence.log.DataDirectoryException;
import io.sluice.persistence.log.DataDirectoryException.Kind;
import io.sluice.persistence.log.FlushMode;
import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.log.LogStoreSettings;
import io.sluice.persistence.log.compact.CompactionSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Reads {@link LogStoreSettings} from the section {@code sluice.persistence}; the keys are explained in {@code reference.conf}. */
final class StoreSettings {
    private StoreSettings() {
    }

    /** @throws DataDirectoryException naming the bad key and what to write instead */
    static LogStoreSettings read(Config config) {
        Path dir = directory(config.getString("dir"));
        Config log = config.getConfig("log");
        try {
            LogConfig defaults = new LogConfig(log.getBytes("segment-bytes"), log.getDuration("segment-age").toMillis(),
                    -1, -1, flush(log.getString("flush")));
            return LogStoreSettings.of(dir)
                    .withDefaults(defaults)
                    .withThreads(log.getInt("io-threads"), log.getInt("reader-threads"))
                    .withIndexInterval(Math.toIntExact(log.getBytes("index-interval-bytes")))
                    .withMaxOpenFiles(log.getInt("max-open-files"))
                    .withIntervals(log.getDuration("idle-close"), log.getDuration("checkpoint-interval"),
                            log.getDuration("retention-check-interval"))
                    .withCompaction(compaction(log.getConfig("compaction")));
        } catch (ConfigException | IllegalArgumentException | ArithmeticException e) {
            throw new DataDirectoryException(Kind.WRONG_SETTING,
                    "bad value in sluice.persistence.log: " + e.getMessage(), e);
        }
    }

    private static CompactionSettings compaction(Config config) {
        return new CompactionSettings(config.getBytes("map-bytes"), config.getInt("most-producers"),
                config.getBytes("bytes-per-second"), config.getDuration("check-interval"));
    }

    private static Path directory(String dir) {
        if (dir.isBlank()) {
            throw new DataDirectoryException(
                    "sluice.persistence.dir is not set: set it to the directory that is to hold the logs", null);
        }
        try {
            return Path.of(dir);
        } catch (InvalidPathException e) {
            throw new DataDirectoryException("sluice.persistence.dir is not a path: " + e.getMessage(), e);
        }
    }

    private static FlushMode flush(String name) {
        try {
            return FlushMode.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("flush is \"" + name + "\", must be commit or os", e);
        }
    }
}
