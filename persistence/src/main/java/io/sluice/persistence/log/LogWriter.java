package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing side of one log. Everything that changes a log goes through here, one task at a time ({@link TaskQueue}). Appends of one round of the
 * queue are written together, synced once, published once, and only then answered.
 */
final class LogWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    private final FileLog log;
    private final ActiveSegment active;
    private final List<Append> group = new ArrayList<>(4);

    private Segment[] segments;
    private long closedBytes;
    private ReplicaState state;
    private EpochHistory epochs;
    private int claimed = -1;
    private long logStart;
    private long end;
    private long highestSequenceNr;
    private long deletedTo;
    private boolean unpublished;
    private IOException failure;

    LogWriter(FileLog log, RecoveredLog recovered) {
        this.log = log;
        this.segments = recovered.segments().toArray(Segment[]::new);
        this.state = recovered.state();
        this.epochs = recovered.epochs();
        this.logStart = recovered.logStartOffset();
        this.end = recovered.endOffset();
        this.highestSequenceNr = recovered.highestSequenceNr();
        this.deletedTo = recovered.deletedTo();
        this.active = new ActiveSegment(log);
        if (segments.length > 0 && recovered.appendable()) {
            active.resume(segments[segments.length - 1]);
        }
        countClosedBytes();
        publish();
    }

    /** Runs one task; nothing it throws escapes. */
    void accept(LogTask<?> task) {
        try {
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            if (!(task instanceof Append)) {
                finish();
            }
            task.run(this);
        } catch (IOException | RuntimeException e) {
            task.completeExceptionally(e);
        } catch (Error e) {
            task.completeExceptionally(e);
            fail(e);
        }
    }

    // ---- appending

    void append(Append append) {
        String wrong = whatIsWrong(append);
        if (wrong != null) {
            append.completeExceptionally(new FencedException(log.persistenceId() + ": " + wrong));
            return;
        }
        group.add(append);
        try {
            store(append);
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    private String whatIsWrong(Append append) {
        if (append.leaderEpoch() != claimed) {
            return "leader epoch " + append.leaderEpoch() + " may not append, the last claimed one is " + claimed;
        }
        EntryBatch.Kind kind = log.kind();
        long offset = end;
        long sequenceNr = highestSequenceNr;
        List<EntryBatch> batches = append.batches();
        for (int i = 0; i < batches.size(); i++) {
            EntryBatch b = batches.get(i);
            long base = Append.baseOffset(b.bytes());
            if (kind == null) {
                kind = b.kind();
            }
            if (b.kind() != kind) {
                return "a log of " + kind + " takes no " + b.kind();
            }
            if (Append.batchEpoch(b.bytes()) != claimed) {
                return "a batch has leader epoch " + Append.batchEpoch(b.bytes()) + " instead of " + claimed;
            }
            if (b.firstSequenceNr() <= sequenceNr) {
                return "sequence number " + b.firstSequenceNr() + " does not follow " + sequenceNr;
            }
            long last = base + Append.lastOffsetDelta(b.bytes());
            if (kind == EntryBatch.Kind.RECORDS
                    ? base != offset || b.firstSequenceNr() != b.lastSequenceNr()
                    : base < offset || base != b.firstSequenceNr() - 1 || last != b.lastSequenceNr() - 1) {
                return "offsets " + base + " to " + last + " with sequence numbers " + b.firstSequenceNr() + " to "
                        + b.lastSequenceNr() + " do not follow log end " + offset;
            }
            offset = last + 1;
            sequenceNr = b.lastSequenceNr();
        }
        return null;
    }

    private void store(Append append) throws IOException {
        List<EntryBatch> batches = append.batches();
        LogConfig config = log.config();
        for (int i = 0; i < batches.size(); i++) {
            EntryBatch b = batches.get(i);
            ByteBuffer bytes = b.bytes();
            long base = Append.baseOffset(bytes);
            if (claimed > epochs.latest()) {
                beginEpoch(b.kind(), base);
            }
            boolean gap = b.kind() == EntryBatch.Kind.RECORDS && b.firstSequenceNr() != highestSequenceNr + 1;
            if (gap || active.mustRoll(config, bytes.remaining())) {
                roll(config, new SegmentName(base, b.firstSequenceNr()));
            }
            active.add(bytes, b.firstSequenceNr());
            end = base + Append.lastOffsetDelta(bytes) + 1;
            highestSequenceNr = b.lastSequenceNr();
            unpublished = true;
        }
    }

    private void beginEpoch(EntryBatch.Kind kind, long start) throws IOException {
        if (log.kind() == null) {
            log.directory().create(kind);
            log.kind(kind);
        }
        EpochHistory begun = epochs.from(logStart).with(claimed, start);
        new EpochsFile(state, begun).write(log.directory().epochs());
        epochs = begun;
    }

    private void roll(LogConfig config, SegmentName name) throws IOException {
        if (active.isOpen()) {
            active.close(config.flush());
            log.housekeepSoon();
        }
        Segment fresh = active.begin(name);
        segments = Arrays.copyOf(segments, segments.length + 1);
        segments[segments.length - 1] = fresh;
        countClosedBytes();
    }

    private void countClosedBytes() {
        closedBytes = 0;
        for (Segment s : segments) {
            closedBytes += active.is(s) ? 0 : s.size();
        }
    }

    /** Ends a round: writes, syncs, publishes and answers all appends of the group. */
    void finish() {
        if (!unpublished && group.isEmpty()) {
            return;
        }
        try {
            active.flush(log.config().flush());
            unpublished = false;
            publish();
            log.markDirty();
            for (int i = 0; i < group.size(); i++) {
                group.get(i).complete(null);
            }
            group.clear();
            log.waiters().wake();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        failure = new IOException(
                "log " + log.persistenceId() + " refuses appends until it is opened again, its disk failed: " + cause,
                cause);
        LOG.error("log {}: cannot write, refusing appends until it is opened again", log.persistenceId(), cause);
        unpublished = false;
        active.abandon();
        restSegments();
        log.failed();
        for (Append append : group) {
            append.completeExceptionally(failure);
        }
        group.clear();
        log.waiters().close();
    }

    private void publish() {
        long lastSize = active.isOpen() ? active.goodSize() : segments.length == 0 ? 0 : last().size();
        long size = active.isOpen() ? closedBytes + lastSize : closedBytes;
        log.publish(new FileLogView(log, segments, lastSize, lastMaxTimestamp(), size, logStart, end,
                highestSequenceNr, deletedTo, epochs));
    }

    private long lastMaxTimestamp() {
        return active.isOpen() ? active.maxTimestamp() : segments.length == 0 ? -1 : last().maxTimestamp();
    }

    private Segment last() {
        return segments[segments.length - 1];
    }

    // ---- claiming

    int claim() throws IOException {
        int epoch = Math.max(state.promisedEpoch(), Math.max(epochs.latest(), claimed)) + 1;
        ReplicaState next = state.claimed(epoch);
        if (log.kind() != null) {
            new EpochsFile(next, epochs).write(log.directory().epochs());
        }
        state = next;
        claimed = epoch;
        log.leaderEpoch(epoch);
        return epoch;
    }

    // ---- deleting

    long deleteRecordsBefore(long offset) throws IOException {
        if (offset < 0 || offset > end) {
            throw new OffsetOutOfRangeException(
                    log.persistenceId() + ": cannot delete before " + offset + ", the high watermark is " + end);
        }
        if (offset > logStart) {
            log.checkpoints().raise(new Checkpoint(0, 0, offset, 0, 0, 0));
            logStart = offset;
            dropSegmentsBelowStart();
            publish();
            log.waiters().wake();
        }
        return logStart;
    }

    void deleteEventsTo(long sequenceNr) throws IOException {
        long to = Math.min(sequenceNr, highestSequenceNr);
        if (to <= deletedTo) {
            return;
        }
        if (log.kind() == EntryBatch.Kind.EVENTS) {
            logStart = Math.max(logStart, Math.min(to, end));
        }
        log.checkpoints().raise(new Checkpoint(0, 0, logStart, to, end, highestSequenceNr));
        deletedTo = to;
        dropSegmentsBelowStart();
        publish();
        log.waiters().wake();
    }

    private void dropSegmentsBelowStart() throws IOException {
        int n = 0;
        while (n < segments.length - 1 && (segments[n + 1].baseOffset() <= logStart
                || segments[n + 1].firstSequenceNr() <= deletedTo + 1)) {
            n++;
        }
        drop(n);
    }

    /** Unlinks the first {@code n} segments. The log start is durable before, so a crash in between leaves no hole. */
    private void drop(int n) throws IOException {
        if (n == 0) {
            return;
        }
        Segment[] dropped = Arrays.copyOf(segments, n);
        segments = Arrays.copyOfRange(segments, n, segments.length);
        logStart = Math.max(logStart, segments.length == 0 ? end : segments[0].baseOffset());
        deletedTo = Math.max(deletedTo,
                segments.length == 0 ? highestSequenceNr : segments[0].firstSequenceNr() - 1);
        log.checkpoints().raise(new Checkpoint(0, 0, logStart, deletedTo, end, highestSequenceNr));
        countClosedBytes();
        publish();
        for (Segment s : dropped) {
            s.delete();
        }
    }

    int applyRetention() throws IOException {
        if (segments.length == 0) {
            return 0;
        }
        LogConfig config = log.config();
        long now = log.store().settings().clock().millis();
        long oldest = config.retentionMs() < 0 ? Long.MIN_VALUE : now - config.retentionMs();
        boolean lastIsExpired = active.isOpen() && active.goodSize() > 0
                && Retention.timeOf(last(), active.maxTimestamp()) < oldest;
        if (active.isOpen() && (lastIsExpired || active.isOld(config.segmentMs()))) {
            active.close(config.flush());
            countClosedBytes();
            publish();
            log.housekeepSoon();
        }
        int n = Retention.countExpired(log, segments, active.isOpen(), closedBytes + openBytes(), config, oldest);
        drop(n);
        if (n > 0) {
            log.waiters().wake();
        }
        return n;
    }

    private long openBytes() {
        return active.isOpen() ? active.goodSize() : 0;
    }

    // ---- resting

    /** Closes the files of an idle log, everything flushed and checkpointed. */
    void rest() throws IOException {
        active.rest();
        log.clearDirty();
        log.checkpoints().checkpoint();
        for (Segment s : segments) {
            s.rest();
            s.index(null);
        }
        log.rested();
    }

    /** As {@link #rest}, and no task is taken any more. */
    void close() throws IOException {
        try {
            rest();
        } finally {
            end("the log store is closed");
        }
    }

    /** Lets go of the files that are about to be deleted. */
    void delete() {
        active.abandon();
        restSegments();
        end("the log was deleted: open it again");
    }

    private void restSegments() {
        for (Segment s : segments) {
            s.rest();
        }
    }

    private void end(String why) {
        failure = new IOException("log " + log.persistenceId() + ": " + why);
        log.failed();
        log.waiters().close();
    }
}
