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
 * queue are written together, synced once, published once, and only then answered. In a replicated log the {@link ReplicaWriter} changes it too.
 */
final class LogWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    private final FileLog log;
    private final ActiveSegment active;
    private final LogTrimmer trimmer;
    private final List<LogTask<?>> group = new ArrayList<>(4);

    private Segment[] segments;
    private long closedBytes;
    private ReplicaState state;
    private LogHistory history;
    /** The epoch in which this process may append, -1 if in none. */
    private int claimed = -1;
    /** Null unless the log is replicated. */
    private HighWatermark highWatermark;
    private ReplicaWriter replica;
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
        this.history = recovered.history();
        this.logStart = recovered.logStartOffset();
        this.end = recovered.endOffset();
        this.highestSequenceNr = recovered.highestSequenceNr();
        this.deletedTo = recovered.deletedTo();
        this.active = new ActiveSegment(log);
        this.trimmer = new LogTrimmer(log, this);
        if (segments.length > 0 && recovered.appendable()) {
            active.resume(last(), recovered.dirty());
        }
        countClosedBytes();
        if (recovered.meta().replicated()) {
            replicate(BatchBoundary.start(logStart, deletedTo)); // what is committed above is not known any more
        }
        publish();
    }

    /** Makes the log one replica of several; what it holds was committed by its only copy. */
    void becomeReplica() {
        if (replica == null) {
            replicate(endBoundary());
            publish();
        }
    }

    private void replicate(BatchBoundary committed) {
        highWatermark = new HighWatermark(committed);
        highWatermark.foundEnd(endBoundary());
        replica = new ReplicaWriter(log, this, highWatermark);
        claimed = state.promisedTo() == null ? -1 : state.appendEpoch();
        log.leaderEpoch(claimed);
        log.becameReplica();
    }

    private BatchBoundary endBoundary() {
        return segments.length == 0
                ? BatchBoundary.start(end, highestSequenceNr)
                : new BatchBoundary(last(), sizeOf(last()), end, highestSequenceNr, lastMaxTimestamp());
    }

    /** Runs one task; nothing it throws escapes. */
    void accept(LogTask<?> task) {
        try {
            checkFailure();
            if (!task.joinsRound()) {
                endRound();
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
        String wrong = append.whatIsWrong(claimed, log.kind(), end, highestSequenceNr, replica != null);
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

    private void store(Append append) throws IOException {
        if (replica != null) {
            replica.noteUnflushed();
        }
        List<EntryBatch> batches = append.batches();
        LogConfig config = log.config();
        for (int i = 0; i < batches.size(); i++) {
            EntryBatch b = batches.get(i);
            ByteBuffer bytes = b.bytes();
            long base = Append.baseOffset(bytes);
            LogHistory after = history.with(b.kind(), bytes, bytes.position());
            if (!after.equals(history)) {
                fixKind(b.kind());
                keepHistory(after);
            }
            boolean gap = b.kind() == EntryBatch.Kind.RECORDS && b.firstSequenceNr() != highestSequenceNr + 1;
            if (gap || active.mustRoll(config, bytes.remaining())) {
                roll(config, new SegmentName(base, b.firstSequenceNr()));
            }
            active.add(bytes, b.firstSequenceNr());
            end = base + Append.lastOffsetDelta(bytes) + 1;
            highestSequenceNr = b.lastSequenceNr();
            appended();
        }
    }

    private void appended() {
        unpublished = true;
        if (highWatermark != null) {
            highWatermark.appended(last(), active.size(), end, highestSequenceNr, active.maxTimestamp());
        }
    }

    /** Appends checked batches of a leader. */
    void store(ByteBuffer batches, EntryBatch.Kind kind, LogHistory after) throws IOException {
        fixKind(kind);
        if (!after.equals(history)) {
            keepHistory(after);
        }
        LogConfig config = log.config();
        int at = batches.position();
        while (at < batches.limit()) {
            BatchHeader head = BatchHeader.read(batches, at);
            long first = kind == EntryBatch.Kind.EVENTS ? head.baseOffset() + 1 : highestSequenceNr + 1;
            if (active.mustRoll(config, head.sizeInBytes())) {
                roll(config, new SegmentName(head.baseOffset(), first));
            }
            active.add(batches, at, head, first);
            end = head.nextOffset();
            highestSequenceNr = kind == EntryBatch.Kind.EVENTS ? end : head.lastSequenceNr(first - 1);
            appended();
            at += head.sizeInBytes();
        }
    }

    private void fixKind(EntryBatch.Kind kind) throws IOException {
        if (log.kind() == null) {
            log.directory().create(new LogMeta(kind, replica != null));
            log.kind(kind);
        }
    }

    private void keepHistory(LogHistory next) throws IOException {
        // batches of the first segment may lie below the log start, and must still be told from damage
        LogHistory trimmed = next.from(segments.length == 0 ? logStart : Math.min(logStart, segments[0].baseOffset()));
        new EpochsFile(state, trimmed).write(log.directory().epochs());
        history = trimmed;
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

    /** Answers a task when the round has ended. */
    void answerWhenStored(LogTask<?> task) throws IOException {
        checkFailure();
        group.add(task);
    }

    /** Ends the round within a task that needs everything before it to be stored. */
    void endRound() throws IOException {
        finish();
        checkFailure();
    }

    private void checkFailure() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    /** Ends a round: writes, syncs, publishes and answers all that joined it. */
    void finish() {
        if (!unpublished && group.isEmpty()) {
            return;
        }
        try {
            boolean news = unpublished && flushRound();
            for (int i = 0; i < group.size(); i++) {
                group.get(i).stored();
            }
            group.clear();
            if (news) {
                log.waiters().wake();
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Whether there is more to read than before. */
    private boolean flushRound() throws IOException {
        active.flush(log.config().flush());
        unpublished = false;
        long readable = log.fileView().highWatermark();
        publish();
        log.markDirty();
        return log.fileView().highWatermark() != readable;
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
        for (LogTask<?> task : group) {
            task.completeExceptionally(failure);
        }
        group.clear();
        log.waiters().close();
    }

    private void publish() {
        long lastSize = segments.length == 0 ? 0 : sizeOf(last());
        publish(new FileLogView(log, segments, lastSize, lastMaxTimestamp(), sizeInBytes(), logStart, end,
                highestSequenceNr,
                deletedTo, history.epochs()));
    }

    private void publish(FileLogView whole) {
        boolean all = highWatermark == null || highWatermark.offset() >= whole.logEndOffset();
        log.publish(all ? whole : whole.upTo(highWatermark.at()));
    }

    /** The offset after the last committed record. */
    long committed() {
        return highWatermark == null ? end : highWatermark.offset();
    }

    private long lastMaxTimestamp() {
        return active.isOpen() ? active.maxTimestamp() : segments.length == 0 ? -1 : last().maxTimestamp();
    }

    private Segment last() {
        return segments[segments.length - 1];
    }

    // ---- claiming

    int claim() throws IOException {
        if (replica != null) {
            throw new FencedException(
                    log.persistenceId() + ": a replicated log is claimed at a majority of its replicas");
        }
        int epoch = Math.max(state.promisedEpoch(), Math.max(history.epochs().latest(), claimed)) + 1;
        ReplicaState next = state.claimed(epoch);
        if (log.kind() != null) {
            new EpochsFile(next, history).write(log.directory().epochs());
        }
        state = next;
        claimed = epoch;
        log.leaderEpoch(epoch);
        return epoch;
    }

    // ---- deleting

    LogTrimmer trimmer() {
        return trimmer;
    }

    /** Closes the active segment if it is older than the settings allow or all of it is older than {@code oldest}, in ms. */
    void closeIfOld(LogConfig config, long oldest) throws IOException {
        if (!active.isOpen()) {
            return;
        }
        boolean expired = active.goodSize() > 0 && Retention.timeOf(last(), active.maxTimestamp()) < oldest;
        if (expired || active.isOld(config.segmentMs())) {
            active.close(config.flush());
            countClosedBytes();
            publish();
            log.housekeepSoon();
        }
    }

    /** Takes over what deleting from the front leaves. */
    void trim(Segment[] left, long newStart, long newDeletedTo) {
        segments = left;
        logStart = newStart;
        deletedTo = newDeletedTo;
        countClosedBytes();
        publish();
    }

    boolean lastIsOpen() {
        return active.isOpen();
    }

    long sizeInBytes() {
        return active.isOpen() ? closedBytes + active.goodSize() : closedBytes;
    }

    // ---- replicating

    /** @throws IllegalStateException if the log is not replicated */
    ReplicaStore replica() {
        if (replica == null) {
            throw new IllegalStateException(log.persistenceId() + " was not opened as a replica");
        }
        return replica;
    }

    ReplicaState state() {
        return state;
    }

    LogHistory history() {
        return history;
    }

    Segment[] segments() {
        return segments;
    }

    long logStart() {
        return logStart;
    }

    long end() {
        return end;
    }

    long highestSequenceNr() {
        return highestSequenceNr;
    }

    long deletedTo() {
        return deletedTo;
    }

    LogBegin begin() {
        return LogBegin.of(segments, logStart, deletedTo);
    }

    long sizeOf(Segment s) {
        return active.is(s) ? active.goodSize() : s.size();
    }

    /** Keeps what this copy promised, durable on return. After a failure it is unknown what is kept, so the log takes nothing more. */
    void keep(ReplicaState next) throws IOException {
        if (!next.equals(state)) {
            guard(() -> write(next));
            claimed = next.promisedTo() == null ? -1 : next.appendEpoch();
            log.leaderEpoch(claimed);
        }
    }

    void write(ReplicaState next) throws IOException {
        log.directory().markReplicated();
        new EpochsFile(next, history).write(log.directory().epochs());
        state = next;
    }

    /** Does something to the files; if it fails, the log fails. */
    void guard(LogCut.Step work) throws IOException {
        checkFailure();
        try {
            work.run();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        }
    }

    /** Puts everything on stable storage, whatever the flush mode. */
    void makeDurable() throws IOException {
        active.flush(FlushMode.COMMIT);
        for (Segment s : segments) {
            if (!active.is(s) && !s.isSynced()) {
                s.sync();
                s.markSynced();
            }
        }
    }

    /** Moves the high watermark of a replica; readers see it at once, or when what lies below it is stored. */
    void raiseHighWatermark(long offset) throws IOException {
        if (highWatermark == null) {
            throw new IllegalStateException(log.persistenceId() + " was not opened as a replica");
        }
        FileLogView whole = log.fileView().whole();
        if (highWatermark.raise(offset, whole) && highWatermark.offset() <= whole.logEndOffset()) {
            publish(whole);
            log.waiters().wake();
        }
    }

    /** Takes over what a cut leaves. */
    void replace(Segment[] kept, LogHistory left, long newEnd, long sequenceNr) {
        active.release();
        segments = kept;
        history = left;
        end = newEnd;
        highestSequenceNr = sequenceNr;
        countClosedBytes();
        publish();
    }

    /** Takes over that everything was thrown away. */
    void restart(long offset, long sequenceNr, LogHistory before) {
        logStart = offset;
        deletedTo = sequenceNr;
        replace(new Segment[0], before, offset, sequenceNr);
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
