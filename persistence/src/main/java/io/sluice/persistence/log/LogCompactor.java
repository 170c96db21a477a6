package io.sluice.persistence.log;

import io.sluice.persistence.log.compact.CompactionPolicy;
import io.sluice.persistence.log.compact.CompactionSettings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compacts the open logs of a store that are to be compacted, one after the other, on a thread of its own. */
final class LogCompactor {
    private static final Logger LOG = LoggerFactory.getLogger(LogCompactor.class);
    private static final long CLOSE_MS = 60_000;

    private final CompactionSettings settings;
    private final Supplier<Collection<FileLog>> logs;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Throttle throttle;
    private final Thread thread;
    /** Logs whose compaction failed last time: said once, tried again. */
    private final Set<String> failing = new HashSet<>();

    /** @param logs those that are open */
    LogCompactor(CompactionSettings settings, Supplier<Collection<FileLog>> logs) {
        this.settings = settings;
        this.logs = logs;
        this.throttle = new Throttle(settings.bytesPerSecond(), stopped);
        this.thread = new Thread(this::run, "sluice-log-compactor");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the work under way, which leaves every log as it was or compacted in part. */
    void stop() {
        stopped.countDown();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopped.await(settings.checkInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                for (FileLog log : logs.get()) {
                    compact(log);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("compaction has stopped", e);
        }
    }

    private void compact(FileLog log) throws InterruptedException {
        CompactionPolicy policy = log.config().compaction();
        if (policy == null || log.kind() != EntryBatch.Kind.RECORDS || log.isDead() || log.isResting()) {
            return;
        }
        try {
            boolean again = true;
            while (again) {
                again = new LogCleaning(log, policy, throttle).run();
            }
            failing.remove(log.persistenceId());
        } catch (NoSuchFileException e) {
            LOG.debug("log {}: a segment was deleted while it was compacted", log.persistenceId(), e);
        } catch (IOException | RuntimeException | OutOfMemoryError e) { // the other logs' compaction goes on
            if (!log.isDead() && failing.add(log.persistenceId())) {
                LOG.error("log {}: compaction failed, it is tried again", log.persistenceId(), e);
            }
        }
    }
}
