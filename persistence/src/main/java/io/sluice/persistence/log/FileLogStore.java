package io.sluice.persistence.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logs of one data directory on local disks. */
public final class FileLogStore implements LogStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileLogStore.class);

    /** How often idleness is looked at, at most. */
    private static final long TICK_MS = 5_000;

    private static final int CHECKPOINTS_AT_CLOSE = 16;

    private final LogStoreSettings settings;
    private final DataDirectory directory;
    private final StoreThreads threads;
    private final OpenLogs logs = new OpenLogs();
    private final OpenFiles files;
    private final AtomicBoolean closingFiles = new AtomicBoolean();
    private final Mender mender = new Mender();
    private final Queue<FileLog> dirty = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean housekeepingAsked = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Context context = new Context();
    private final LogCompactor compactor;
    private volatile long ticks = nowMs();

    private FileLogStore(LogStoreSettings settings, DataDirectory directory) {
        this.settings = settings;
        this.directory = directory;
        this.threads = new StoreThreads(settings.ioThreads(), settings.readerThreads());
        this.files = new OpenFiles(settings.maxOpenFiles(), this::closeFiles);
        this.compactor = new LogCompactor(settings.compaction(), logs::all);
    }

    /**
     * Locks the data directory, making it if it is missing, and opens the store.
     *
     * @throws DataDirectoryException if the directory is not writable, locked, or of another format
     */
    public static FileLogStore open(LogStoreSettings settings) {
        DataDirectory directory = DataDirectory.open(settings.directory());
        if (directory.runMark().lostPower()) {
            LOG.warn(
                    "the machine restarted while this node ran (it has another boot id, and the node did not stop): what flush = os had not "
                            + "written yet is lost. Copies of replicated logs that used it count as out of sync, and their word counts for no new leader, "
                            + "until a leader has restored them; nothing need be done. Copies without replicas elsewhere go on with what they have");
        }
        FileLogStore store = new FileLogStore(settings, directory);
        store.startHousekeeping();
        return store;
    }

    private void startHousekeeping() {
        every(Math.min(TICK_MS, Math.max(1, settings.idleClose().toMillis() / 2)), this::closeIdle);
        every(settings.checkpointInterval().toMillis(), this::checkpointDirty);
        every(settings.retentionCheckInterval().toMillis(), this::retain);
        compactor.start();
    }

    private void every(long ms, Runnable work) {
        threads.every(ms, () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("housekeeping of {} failed", directory.root(), e);
            }
        });
    }

    @Override
    public CompletionStage<Log> open(String persistenceId) {
        return openFile(persistenceId).thenApply(log -> log);
    }

    @Override
    public CompletionStage<ReplicaLog> openReplica(String persistenceId) {
        return openFile(persistenceId).thenCompose(log -> log.isReplica()
                ? CompletableFuture.completedFuture(log)
                : log.submit(LogTasks.task(w -> {
                    w.becomeReplica();
                    return log;
                })));
    }

    private CompletableFuture<FileLog> openFile(String persistenceId) {
        if (closed.get()) {
            return CompletableFuture.failedFuture(new IOException("the log store is closed"));
        }
        return logs.open(persistenceId, () -> mender.mending(persistenceId,
                () -> threads.onReader(() -> recover(persistenceId)),
                (damage, batches) -> threads.onReader(() -> {
                    damage.mend(batches);
                    return null;
                })));
    }

    private FileLog recover(String persistenceId) throws IOException {
        LogDirectory where = directory.log(persistenceId).countedBy(files);
        return new FileLog(context, where, LogRecovery.recover(where, settings.indexIntervalBytes(),
                directory.runMark().loss()));
    }

    @Override
    public Optional<Log> ifOpen(String persistenceId) {
        return Optional.ofNullable(logs.living(persistenceId));
    }

    @Override
    public Set<String> persistenceIds() {
        return directory.persistenceIds();
    }

    @Override
    public CompletionStage<Void> delete(String persistenceId) {
        return logs.delete(persistenceId, log -> {
            CompletableFuture<Void> released = log == null
                    ? CompletableFuture.completedFuture(null)
                    : log.submit(LogTasks.task(w -> {
                        w.delete();
                        return null;
                    }));
            return released.handle((v, e) -> null).thenCompose(v -> threads.onReader(() -> {
                directory.delete(directory.log(persistenceId));
                return null;
            }));
        });
    }

    @Override
    public void mendFrom(IntactCopies copies) {
        mender.use(copies);
    }

    @Override
    public Path directory() {
        return directory.root();
    }

    @Override
    public long sizeInBytes(String persistenceId) {
        FileLog log = logs.living(persistenceId);
        try {
            return log != null ? log.view().sizeInBytes() : directory.log(persistenceId).sizeInBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- housekeeping

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void checkpointDirty() {
        for (FileLog log = dirty.poll(); log != null; log = dirty.poll()) {
            log.clearDirty();
            try {
                log.checkpoints().checkpoint();
            } catch (NoSuchFileException e) {
                log.markDirty(); // retention or a deletion was faster
                return;
            } catch (IOException | RuntimeException e) {
                LOG.error("log {}: checkpoint failed, it is tried again at its next append", log.persistenceId(), e);
            }
        }
    }

    private void retain() {
        for (FileLog log : logs.all()) {
            log.applyRetention().whenComplete((n, e) -> {
                if (e != null && !log.isDead()) {
                    LOG.error("log {}: retention failed", log.persistenceId(), e);
                }
            });
        }
    }

    private void closeIdle() {
        ticks = nowMs();
        long before = ticks - settings.idleClose().toMillis();
        for (FileLog log : logs.all()) {
            log.fileView().restUnused(before);
            if (!log.isLeased() && log.lastUsed() < before && !log.isResting()) {
                rest(log);
            }
        }
    }

    /** On the thread that has opened one too many. One at a time: the others go on meanwhile. */
    private void closeFiles() {
        if (closingFiles.compareAndSet(false, true)) {
            try {
                files.tooMany(logs.all()).forEach(FileLog::closeFiles);
            } finally {
                closingFiles.set(false);
            }
        }
    }

    private void rest(FileLog log) {
        CompletableFuture<Void> unused = log.submit(LogTasks.<Void>task(w -> {
            w.rest();
            logs.demote(log);
            return null;
        })).whenComplete((v, e) -> {
            if (e != null && !log.isDead()) {
                LOG.error("log {}: cannot close its files", log.persistenceId(), e);
            }
        });
    }

    // ---- closing

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        threads.stopHousekeeping();
        compactor.stop();
        logs.settle();
        List<FileLog> open = logs.all();
        checkpointTogether(open);
        boolean clean = true;
        for (FileLog log : open) {
            clean &= closeLog(log);
        }
        threads.stop();
        try {
            if (clean) {
                directory.runMark().stop();
            }
        } catch (IOException e) {
            LOG.error("cannot mark {} as stopped", directory.root(), e);
        }
        directory.close();
    }

    /** Several at a time, so that the disk's flushes are shared; one after the other, those of thousands of logs would outlast a patient stop. */
    private static void checkpointTogether(List<FileLog> open) {
        try (ExecutorService several = Executors.newFixedThreadPool(CHECKPOINTS_AT_CLOSE)) {
            for (FileLog log : open) {
                several.execute(() -> {
                    try {
                        log.checkpoints().checkpoint();
                    } catch (IOException | RuntimeException e) {
                        LOG.debug("log {}: closing it checkpoints it again and tells", log.persistenceId(), e);
                    }
                });
            }
        }
    }

    private static boolean closeLog(FileLog log) {
        try {
            log.submit(LogTasks.task(w -> {
                w.close();
                return null;
            })).join();
            return true;
        } catch (RuntimeException e) {
            LOG.error("log {}: cannot close", log.persistenceId(), e);
            return false;
        }
    }

    /** The side that the logs see. */
    private final class Context implements StoreContext {
        @Override
        public LogStoreSettings settings() {
            return settings;
        }

        @Override
        public Executor io() {
            return threads.io();
        }

        @Override
        public <T> CompletableFuture<T> onReader(Callable<T> work) {
            return threads.onReader(work);
        }

        @Override
        public Mender mender() {
            return mender;
        }

        @Override
        public long ticks() {
            return ticks;
        }

        @Override
        public UUID lastLoss() {
            return directory.runMark().loss();
        }

        @Override
        public void dirty(FileLog log) {
            dirty.add(log);
        }

        @Override
        public void housekeepSoon() {
            if (!housekeepingAsked.getAndSet(true)) {
                try {
                    threads.housekeeper().execute(() -> {
                        housekeepingAsked.set(false);
                        checkpointDirty();
                    });
                } catch (RejectedExecutionException e) {
                    LOG.debug("closing, which checkpoints everything", e);
                }
            }
        }
    }
}
