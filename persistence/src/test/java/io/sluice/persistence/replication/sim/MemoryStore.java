package io.sluice.persistence.replication.sim;

import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.log.ReplicaStore;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A disk: promises are durable at once; the log only once flushed. A crash or a power loss keeps any prefix of the changes since the last flush.
 */
final class MemoryStore implements ReplicaStore {

    /** The log after some change; {@code deletedTo} is the sequence number before the oldest entry. */
    private record State(long version, List<Entry> entries, long start, long deletedTo, EpochHistory epochs,
            ConfigurationHistory configuration) {
        long begin() {
            return entries.isEmpty() ? start : entries.getFirst().base();
        }

        long end() {
            return entries.isEmpty() ? start : entries.getLast().end();
        }
    }

    private final Checker checker;
    private final String name;
    private State durable = new State(0, List.of(), 0, 0, EpochHistory.EMPTY, ConfigurationHistory.EMPTY);
    private State current = durable;
    private final ArrayDeque<State> unflushed = new ArrayDeque<>();
    private int promisedEpoch = -1;
    private UUID promisedTo;
    private int synced = -1;
    private UUID syncedBy;
    private int minConfig;
    private int claimedConfig = -1;
    private UUID loss;
    private long highWatermark;

    MemoryStore(Checker checker, String name) {
        this.checker = checker;
        this.name = name;
    }

    // ---- what a disk does

    /** What a flush that starts now would make durable. */
    long version() {
        return current.version;
    }

    /** A flush of that version is done. */
    void flushed(long version) {
        while (!unflushed.isEmpty() && unflushed.peek().version <= version) {
            durable = unflushed.poll();
        }
    }

    void crash(SplittableRandom random, boolean forgetsPromise) {
        int kept = random.nextInt(unflushed.size() + 1);
        for (int i = 0; i < kept; i++) {
            durable = unflushed.poll();
        }
        unflushed.clear();
        current = durable;
        highWatermark = 0;
        if (forgetsPromise && synced < promisedEpoch) {
            promisedEpoch = synced;
            promisedTo = syncedBy;
        }
    }

    /** The process dies; the page cache stays. */
    void kill() {
        highWatermark = 0;
    }

    /** The machine goes down with its page cache. Promises were flushed. */
    void losePower(SplittableRandom random, UUID id) {
        crash(random, false);
        loss = id;
    }

    private void change(List<Entry> entries, long start, long deletedTo, EpochHistory epochs,
            ConfigurationHistory configuration) {
        current = new State(current.version + 1, entries, start, deletedTo, epochs, configuration);
        unflushed.add(current);
    }

    // ---- what a test looks at

    List<Entry> entries() {
        return current.entries;
    }

    /** Entries between two offsets, no more than fit. */
    List<Entry> read(long from, long to, int maxBytes) {
        List<Entry> found = new ArrayList<>();
        for (Entry e : current.entries) {
            if (e.base() >= from && e.end() <= to && (found.isEmpty() || (found.size() + 1) * 61 <= maxBytes)) {
                found.add(e);
            }
        }
        return found;
    }

    long highWatermark() {
        return highWatermark;
    }

    /** What the claimed leader appends on its own node. */
    Entry appendOwn(int epoch, int count, long value, List<String> replicas) {
        Entry entry = new Entry(current.end(), count, epoch, value, replicas);
        add(entry);
        return entry;
    }

    private void add(Entry entry) {
        checker.require(entry.base() == current.end(), "{}: entry {} does not follow {}", name, entry, current.end());
        int previous = current.epochs.epochAt(entry.base() - 1);
        checker.appended(name, entry, current.entries.isEmpty() ? null : current.entries.getLast());
        checker.require(entry.epoch() >= previous, "{}: epoch {} after {}", name, entry.epoch(), previous);
        List<Entry> entries = new ArrayList<>(current.entries);
        entries.add(entry);
        EpochHistory epochs = entry.epoch() > current.epochs.latest()
                ? current.epochs.with(entry.epoch(), entry.base())
                : current.epochs;
        change(entries, current.start, current.deletedTo, epochs, entry.replicas().isEmpty()
                ? current.configuration
                : current.configuration.with(new ConfigurationEntry(entry.base(), entry.replicas())));
    }

    // ---- what the protocol sees

    @Override
    public int promisedEpoch() {
        return promisedEpoch;
    }

    @Override
    public UUID promisedTo() {
        return promisedTo;
    }

    @Override
    public int syncedEpoch() {
        return synced;
    }

    @Override
    public int minConfig() {
        return minConfig;
    }

    @Override
    public int claimedConfig() {
        return claimedConfig;
    }

    @Override
    public UUID loss() {
        return loss;
    }

    @Override
    public EpochHistory epochs() {
        return current.epochs;
    }

    @Override
    public ConfigurationHistory configuration() {
        return current.configuration;
    }

    @Override
    public long logStartOffset() {
        return current.start;
    }

    @Override
    public long logEndOffset() {
        return current.end();
    }

    @Override
    public long highestSequenceNr() {
        return current.deletedTo + current.entries.size();
    }

    @Override
    public LogBegin begin() {
        return new LogBegin(current.begin(), current.deletedTo);
    }

    @Override
    public void promise(int epoch, UUID claimant, int config) {
        promisedEpoch = epoch;
        promisedTo = claimant;
        minConfig = Math.max(minConfig, config);
        claimedConfig = Math.max(claimedConfig, config);
    }

    @Override
    public void raiseMinConfig(int version) {
        minConfig = Math.max(minConfig, version);
    }

    @Override
    public void synced(int epoch) {
        flushed(current.version);
        synced = epoch;
        syncedBy = promisedTo;
        loss = null;
    }

    @Override
    public void restored() {
        flushed(current.version);
        loss = null;
    }

    @Override
    public void truncate(long endOffset) {
        List<Entry> kept = current.entries.stream().filter(e -> e.end() <= endOffset).toList();
        checker.truncated(name, synced, endOffset, highWatermark);
        change(kept, current.start, current.deletedTo, current.epochs.cutAt(endOffset),
                current.configuration.cutAt(endOffset));
        checker.require(current.end() == endOffset, "{}: cut at {} ends at {}", name, endOffset, current.end());
    }

    @Override
    public void restartAt(LogBegin begin, ConfigurationHistory before) {
        change(List.of(), begin.offset(), begin.sequenceNr(), EpochHistory.EMPTY, before);
    }

    @Override
    public void retire(int version) {
        raiseMinConfig(version);
        synced = -1;
        syncedBy = null;
        highWatermark = 0;
        change(List.of(), 0, 0, EpochHistory.EMPTY, ConfigurationHistory.EMPTY);
    }

    /** What a disk does that should not. */
    void forgetPromises() {
        promisedEpoch = -1;
        promisedTo = null;
        minConfig = 0;
        claimedConfig = -1;
    }

    @Override
    public void append(ByteBuffer batches, EntryBatch.Kind kind) {
        Entry.decode(batches).forEach(this::add);
    }

    @Override
    public void raiseHighWatermark(long offset) {
        long to = Math.min(offset, current.end());
        if (to > highWatermark) {
            highWatermark = to;
            checker.followerHighWatermark(name, current.entries, to);
        }
    }

    @Override
    public void raiseLogStart(long offset) {
        long start = Math.min(offset, highWatermark);
        if (start > current.start) {
            // a start inside a batch keeps the batch
            List<Entry> kept = current.entries.stream().filter(e -> e.end() > start).toList();
            int deleted = current.entries.size() - kept.size();
            long begin = kept.isEmpty() ? start : kept.getFirst().base();
            change(kept, start, current.deletedTo + deleted, current.epochs.from(begin),
                    current.configuration.from(begin));
        }
    }
}
