package io.sluice.persistence.log;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A log on disk. This class is the door: it queues what changes the log for its {@link LogWriter} and publishes views for readers.
 *
 * <p>An idle log without lease closes its files but stays usable: they open again on use, so a handle never goes stale by itself. After a disk failure
 * or {@link LogStore#delete} the handle fails for good and {@link LogStore#open} gives a new one.
 */
final class FileLog implements ReplicaLog {
    private final StoreContext store;
    private final LogDirectory directory;
    private final LogWriter writer;
    private final TaskQueue queue;
    private final Waiters waiters = new Waiters();
    private final CheckpointKeeper checkpoints;
    private final AtomicInteger leases = new AtomicInteger();
    private final AtomicBoolean dirty = new AtomicBoolean();
    private final HighWatermarkRaises raises = new HighWatermarkRaises(this);
    private volatile boolean replica;
    private volatile EntryBatch.Kind kind;
    private volatile LogConfig config;
    private volatile int leaderEpoch = -1;
    private volatile FileLogView view;
    private volatile RecentPlaces places;
    private volatile boolean dead;
    private volatile long lastUsed;
    private volatile long restedAt = Long.MIN_VALUE;

    FileLog(StoreContext store, LogDirectory directory, RecoveredLog recovered) {
        this.store = store;
        this.directory = directory;
        this.kind = recovered.meta().kind();
        this.config = store.settings().defaults();
        this.checkpoints = new CheckpointKeeper(this, recovered.checkpoint());
        this.lastUsed = store.ticks();
        this.writer = new LogWriter(this, recovered);
        this.queue = new TaskQueue(store.io(), writer);
        if (recovered.dirty()) {
            markDirty();
        }
    }

    // ---- what the parts of the log share

    StoreContext store() {
        return store;
    }

    LogDirectory directory() {
        return directory;
    }

    Waiters waiters() {
        return waiters;
    }

    CheckpointKeeper checkpoints() {
        return checkpoints;
    }

    LogConfig config() {
        return config;
    }

    /** Where recent slices ended. */
    RecentPlaces places() {
        RecentPlaces p = places;
        if (p == null) {
            p = new RecentPlaces();
            places = p;
        }
        return p;
    }

    void kind(EntryBatch.Kind fixed) {
        kind = fixed;
    }

    void becameReplica() {
        replica = true;
    }

    void leaderEpoch(int epoch) {
        leaderEpoch = epoch;
    }

    void publish(FileLogView next) {
        view = next;
    }

    /** Notes that the log was used just now. */
    void touch() {
        long now = store.ticks();
        if (lastUsed != now) {
            lastUsed = now;
        }
    }

    long lastUsed() {
        return lastUsed;
    }

    /** Whether its files are closed and it was not used since. */
    boolean isResting() {
        return restedAt >= lastUsed;
    }

    void rested() {
        restedAt = lastUsed;
    }

    boolean isLeased() {
        return leases.get() > 0;
    }

    /** Whether the handle fails for good. */
    boolean isDead() {
        return dead;
    }

    /** Called when the handle will never work again. */
    void failed() {
        dead = true;
    }

    /** Notes that there is something to checkpoint. */
    void markDirty() {
        touch();
        if (!dirty.get() && dirty.compareAndSet(false, true)) {
            store.dirty(this);
        }
    }

    /** Takes the mark off; what is written from now on sets it again. */
    boolean clearDirty() {
        return dirty.getAndSet(false);
    }

    /** Has the housekeeper flush closed segments soon. */
    void housekeepSoon() {
        markDirty();
        store.housekeepSoon();
    }

    /** The index of a segment, loaded or built if need be; may read the disk. */
    SegmentIndex indexOf(Segment segment, long end) throws IOException {
        SegmentIndex index = segment.index();
        if (index != null) {
            return index;
        }
        synchronized (segment) {
            index = segment.index();
            if (index == null) {
                int interval = store.settings().indexIntervalBytes();
                IndexFile file = IndexFile.read(segment.indexFile(), interval, segment.name(), end);
                if (file != null && file.covered() == end) {
                    index = file.index();
                    segment.maxTimestamp(index.maxTimestamp());
                    segment.index(index);
                } else {
                    SegmentScan scan = new SegmentScan(segment, kind, end, interval,
                            new LogHistory(view.epochs(), ConfigurationHistory.EMPTY),
                            BatchCheck.NO_NEW_EPOCH);
                    scan.run();
                    if (scan.damage() != null && replica) {
                        throw new CorruptLogException(scan.damage(), "cannot be indexed"); // batches behind it are not numbered right
                    }
                    index = scan.index();
                    IndexFile.write(segment.indexFile(), index, end, scan.nextOffset(), scan.nextSequenceNr() - 1,
                            index.maxTimestamp());
                }
            }
            return index;
        }
    }

    /** Runs a read on a thread that may wait for the disk; damage that it meets in a replica is mended first, if another one can. */
    <T> CompletableFuture<T> reading(Callable<T> read) {
        return replica
                ? store.mender().mending(persistenceId(), () -> store.onReader(read),
                        (damage, batches) -> submit(LogTasks.mend(damage, batches)))
                : store.onReader(read);
    }

    <T> LogTask<T> submit(LogTask<T> task) {
        return queue.submit(task);
    }

    /** Closes the files of a log in use, because too many are open; what is known of them stays in memory. */
    void closeFiles() {
        view.whole().restAll();
    }

    // ---- Log

    @Override
    public boolean isReplica() {
        return replica;
    }

    @Override
    public String persistenceId() {
        return directory.persistenceId();
    }

    @Override
    public LogView view() {
        return view;
    }

    /** As {@link #view}, for the parts of the log. */
    FileLogView fileView() {
        return view;
    }

    @Override
    public int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    public EntryBatch.Kind kind() {
        return kind;
    }

    @Override
    public CompletionStage<Integer> claim() {
        return submit(LogTasks.claim());
    }

    @Override
    public CompletionStage<Void> append(int epoch, List<EntryBatch> batches) {
        try {
            return submit(new Append(epoch, batches));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public <T> CompletionStage<T> atomically(Step<T> step) {
        return submit(new ReplicaStep<>(step));
    }

    @Override
    public CompletionStage<Void> raiseHighWatermark(long offset) {
        return raises.raise(offset);
    }

    @Override
    public LogBegin begin() {
        return view.whole().begin();
    }

    @Override
    public LogSlice tryReadToEnd(long offset, int maxBytes) {
        return view.whole().tryReadStored(offset, maxBytes);
    }

    @Override
    public CompletionStage<LogSlice> readToEnd(long offset, int maxBytes) {
        return view.whole().readStored(offset, maxBytes);
    }

    @Override
    public void configure(LogConfig next) {
        config = next;
    }

    @Override
    public CompletionStage<Long> deleteRecordsBefore(long offset) {
        return submit(LogTasks.deleteRecordsBefore(offset));
    }

    @Override
    public CompletionStage<Void> deleteEventsTo(long sequenceNr) {
        return submit(LogTasks.deleteEventsTo(sequenceNr));
    }

    @Override
    public CompletionStage<Integer> applyRetention() {
        return submit(LogTasks.applyRetention());
    }

    @Override
    public Registration onNextChange(Runnable waiter) {
        return waiters.add(waiter);
    }

    @Override
    public Lease lease() {
        leases.incrementAndGet();
        touch();
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                leases.decrementAndGet();
            }
        };
    }
}
