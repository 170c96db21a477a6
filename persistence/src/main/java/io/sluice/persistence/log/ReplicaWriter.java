package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** What replication may do to a log on disk, on top of its {@link LogWriter}. A failing disk fails the log, as it does for appends. */
final class ReplicaWriter implements ReplicaStore {
    private final FileLog log;
    private final LogWriter writer;
    private final HighWatermark highWatermark;

    ReplicaWriter(FileLog log, LogWriter writer, HighWatermark highWatermark) {
        this.log = log;
        this.writer = writer;
        this.highWatermark = highWatermark;
    }

    @Override
    public int promisedEpoch() {
        return writer.state().promisedEpoch();
    }

    @Override
    public UUID promisedTo() {
        return writer.state().promisedTo();
    }

    @Override
    public int syncedEpoch() {
        return writer.state().syncedEpoch();
    }

    @Override
    public int minConfig() {
        return writer.state().minConfig();
    }

    @Override
    public int claimedConfig() {
        return writer.state().claimedConfig();
    }

    @Override
    public UUID loss() {
        UUID last = log.store().lastLoss();
        return writer.state().isSuspect(last) ? last : null;
    }

    @Override
    public EpochHistory epochs() {
        return writer.history().epochs();
    }

    @Override
    public ConfigurationHistory configuration() {
        return writer.history().configuration();
    }

    @Override
    public long logStartOffset() {
        return writer.logStart();
    }

    @Override
    public long logEndOffset() {
        return writer.end();
    }

    @Override
    public long highestSequenceNr() {
        return writer.highestSequenceNr();
    }

    @Override
    public LogBegin begin() {
        return writer.begin();
    }

    @Override
    public void promise(int epoch, UUID claimant, int config) throws IOException {
        boolean again = epoch == promisedEpoch() && claimant.equals(promisedTo());
        if (epoch <= promisedEpoch() && !again) {
            throw new IllegalArgumentException(log.persistenceId() + ": epoch " + promisedEpoch()
                    + " is promised already, " + epoch + " cannot be");
        }
        writer.keep(writer.state().promised(epoch, claimant, config));
    }

    @Override
    public void raiseMinConfig(int version) throws IOException {
        writer.keep(writer.state().withMinConfig(version));
    }

    @Override
    public void synced(int epoch) throws IOException {
        if (epoch != promisedEpoch()) {
            throw new IllegalArgumentException(
                    log.persistenceId() + ": synced in epoch " + epoch + ", but promised is " + promisedEpoch());
        }
        writer.guard(writer::makeDurable);
        writer.keep(whole(writer.state().synced(epoch)));
    }

    @Override
    public void restored() throws IOException {
        writer.guard(writer::makeDurable);
        writer.keep(whole(writer.state()));
    }

    private ReplicaState whole(ReplicaState state) {
        return state.wholeSince() == null ? state : state.whole(log.store().lastLoss());
    }

    @Override
    public void append(ByteBuffer batches, EntryBatch.Kind kind) throws IOException {
        if (log.kind() != null && log.kind() != kind) {
            throw new CorruptLogException(log.persistenceId() + ": a log of " + log.kind() + " takes no " + kind);
        }
        LogHistory after = new LeaderBatches(log.persistenceId(), batches, kind, promisedEpoch())
                .check(writer.end(), writer.history());
        writer.guard(() -> {
            noteUnflushed();
            writer.store(batches, kind, after);
        });
    }

    /** Before the first entry that is not flushed at once: from now on a power loss makes this copy suspect. Writes something once per log only. */
    void noteUnflushed() throws IOException {
        if (writer.state().wholeSince() == null && log.config().flush() == FlushMode.OS) {
            writer.write(writer.state().whole(log.store().lastLoss()));
        }
    }

    @Override
    public void raiseHighWatermark(long offset) {
        try {
            writer.raiseHighWatermark(Math.min(offset, writer.end()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void raiseLogStart(long offset) throws IOException {
        long to = Math.min(offset, highWatermark.offset());
        if (to > writer.logStart()) {
            writer.endRound();
            writer.trimmer().deleteRecordsBefore(to);
        }
    }

    @Override
    public void truncate(long endOffset) throws IOException {
        if (endOffset >= writer.end()) {
            return;
        }
        if (endOffset < highWatermark.offset()) {
            throw new IllegalArgumentException(log.persistenceId() + ": cannot cut at offset " + endOffset
                    + ", everything below " + highWatermark.offset() + " is committed");
        }
        writer.endRound();
        BatchBoundary end = highWatermark.boundary(endOffset, log.fileView().whole());
        if (end.offset() != endOffset && log.kind() == EntryBatch.Kind.RECORDS) {
            throw new IllegalArgumentException(log.persistenceId() + ": cannot cut at offset " + endOffset
                    + ", it is within the batch from " + end.offset());
        }
        writer.guard(() -> cut(end));
    }

    private void cut(BatchBoundary end) throws IOException {
        Segment[] segments = writer.segments();
        int stay = 0;
        while (stay < segments.length && segments[stay].baseOffset() < end.offset()) {
            stay++;
        }
        Segment[] kept = Arrays.copyOf(segments, stay);
        Segment last = stay == 0 ? null : kept[stay - 1];
        boolean shorten = last != null && end.position() < writer.sizeOf(last);
        Segment shortened = shorten ? last.cutAt(log.directory(), end.position(), end.maxTimestamp()) : last;
        if (shorten) {
            kept[stay - 1] = shortened;
        }
        long newEnd = Math.max(end.offset(), writer.logStart());
        LogHistory history = writer.history().cutAt(newEnd);
        Checkpoint lowered = log.checkpoints().current().cutAt(last == null ? 0 : last.baseOffset(),
                last == null ? 0 : end.position(), newEnd, end.sequenceNr());
        Segment[] gone = Arrays.copyOfRange(segments, stay, segments.length);
        List<LogCut.Step> steps = LogCut.truncate(log.directory(), lowered, names(gone),
                last == null ? null : last.name(),
                shorten ? last.name() : null,
                end.position(), new EpochsFile(writer.state(), history));
        highWatermark.cut(end, last, shortened);
        log.checkpoints().cut(lowered, () -> writer.replace(kept, history, newEnd, end.sequenceNr()), steps);
        discard(gone);
        if (shorten) {
            last.rest();
        }
    }

    private static List<SegmentName> names(Segment[] segments) {
        return Stream.of(segments).map(Segment::name).toList();
    }

    /** Their files are gone; lets go of them as soon as nobody reads them. */
    private static void discard(Segment[] gone) throws IOException {
        for (Segment s : gone) {
            s.delete();
        }
    }

    @Override
    public void restartAt(LogBegin begin, ConfigurationHistory before) throws IOException {
        if (begin.offset() < highWatermark.offset()) {
            throw new IllegalArgumentException(log.persistenceId() + ": cannot begin anew at offset " + begin.offset()
                    + ", everything below " + highWatermark.offset() + " is committed");
        }
        writer.endRound();
        writer.guard(() -> restart(begin.offset(), begin.sequenceNr(), new LogHistory(EpochHistory.EMPTY, before)));
    }

    @Override
    public void retire(int version) throws IOException {
        writer.endRound();
        writer.keep(writer.state().retired(version)); // before anything is gone that it was synced for
        writer.guard(() -> restart(0, 0, LogHistory.EMPTY));
        log.waiters().wake();
    }

    private void restart(long offset, long sequenceNr, LogHistory history) throws IOException {
        log.directory().markReplicated();
        Segment[] gone = writer.segments();
        Checkpoint lowered = new Checkpoint(0, 0, writer.logStart(), writer.deletedTo(), writer.logStart(),
                writer.deletedTo());
        Checkpoint restarted = new Checkpoint(0, 0, offset, sequenceNr, offset, sequenceNr);
        List<LogCut.Step> steps = LogCut.restart(log.directory(), lowered, names(gone),
                new EpochsFile(writer.state(), history), restarted);
        highWatermark.restart(BatchBoundary.start(offset, sequenceNr));
        log.checkpoints().cut(restarted, () -> writer.restart(offset, sequenceNr, history), steps);
        discard(gone);
    }
}
