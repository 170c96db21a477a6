package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a log's files. Bytes up to the recovery point are trusted (readers check them before they serve them); what follows is scanned. After a
 * clean stop nothing follows.
 *
 * <p>A write that was cut short leaves bad bytes up to the end of the last segment: that torn tail is cut off. Bad bytes with a good batch
 * behind them, or below the recovery point, are damage: they stay where they are, are reported, and are never served. If the last segment ends in
 * damage, appends go on in a new one.
 *
 * <p>A power loss may cost anything that was not flushed, not only the very end. A copy that used {@link FlushMode#OS} therefore ends, above the recovery
 * point, where the first byte is missing; it is suspect then, and gets the rest from its leader.
 */
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    private final LogDirectory directory;
    private final int interval;
    private final LogMeta meta;
    private final Checkpoint checkpoint;
    private final boolean everything;
    private final boolean suspect;
    private final List<SegmentName> names;
    private final List<Segment> segments = new ArrayList<>();
    /** Null if it was lost. */
    private ReplicaState state;
    private LogHistory history;
    private long end;
    private long highestSequenceNr;
    private boolean appendable;
    private boolean dirty;

    private LogRecovery(LogDirectory directory, int interval, LogMeta meta, UUID lastLoss) throws IOException {
        this.directory = directory;
        this.interval = interval;
        this.meta = meta;
        this.checkpoint = readCheckpoint();
        EpochsFile known = readEpochs();
        this.everything = known == null;
        this.state = known == null ? null : known.state();
        this.history = known == null ? LogHistory.EMPTY : known.history();
        this.suspect = known != null && meta.replicated() && known.state().isSuspect(lastLoss);
        directory.removeLeftovers();
        this.names = new ArrayList<>(directory.segments());
    }

    /** @param lastLoss see {@link RunMark#loss} */
    static RecoveredLog recover(LogDirectory directory, int interval, UUID lastLoss) throws IOException {
        LogMeta meta = directory.readMeta();
        return meta == null ? RecoveredLog.UNWRITTEN : new LogRecovery(directory, interval, meta, lastLoss).run();
    }

    private Checkpoint readCheckpoint() throws IOException {
        try {
            return Checkpoint.read(directory.checkpoint());
        } catch (IOException e) {
            if (meta.replicated() && directory.segments().isEmpty()) {
                throw untrusted("its checkpoint, which alone knows where it ends, is unreadable", e);
            }
            LOG.warn("log {}: checking everything, its checkpoint is unreadable: {}", directory.path(), e.toString());
            return Checkpoint.NONE;
        }
    }

    private EpochsFile readEpochs() throws IOException {
        try {
            EpochsFile known = EpochsFile.read(directory.epochs());
            if (known == null && meta.replicated()) {
                throw new IOException("the file is missing");
            }
            return known;
        } catch (IOException | RuntimeException e) {
            if (meta.replicated()) {
                throw untrusted("what it promised is lost", e);
            }
            LOG.warn("log {}: reading the epochs from its batches, {}", directory.path(), e.toString());
            return null;
        }
    }

    /** A copy that may have forgotten a promise or an acknowledged record must not take part as if it had not. */
    private IOException untrusted(String why, Exception cause) {
        return new IOException("log " + directory.path() + " is one replica of several and cannot be trusted: " + why
                + (cause == null ? "" : " (" + cause.getMessage() + ")")
                + ". Replace this replica by a new one; the others have its records", cause);
    }

    /** What is damaged is known, so nothing is forgotten: once it is mended, the copy can be trusted again. */
    private IOException damaged(Damage damage) {
        return new CorruptLogException(
                "log " + directory.path() + " is one replica of several and waits until another one"
                        + " mends it: damaged " + damage,
                damage);
    }

    private RecoveredLog run() throws IOException {
        LogHistory before = history;
        for (int i = 0; i < names.size(); i++) {
            recoverSegment(names.get(i), i == names.size() - 1 ? null : names.get(i + 1));
        }
        if (meta.replicated()) {
            end = Math.max(end, checkpoint.logStartOffset());
            boolean emptied = segments.isEmpty() && checkpoint.logStartOffset() >= checkpoint.endOffset();
            if (checkpoint.endOffset() > end && !emptied) {
                throw untrusted("it ends at offset " + end + " but once ended at " + checkpoint.endOffset(), null);
            }
        }
        if (checkpoint.endOffset() > end || checkpoint.highestSequenceNr() > highestSequenceNr) {
            if (!segments.isEmpty()) {
                LOG.error("log {}: ends at offset {} but once ended at {}: records are lost, appends go on behind them",
                        directory.path(), end, checkpoint.endOffset());
            }
            appendable = false;
            end = Math.max(end, checkpoint.endOffset());
            highestSequenceNr = Math.max(highestSequenceNr, checkpoint.highestSequenceNr());
        }
        history = history.cutAt(end);
        if (state == null) { // only claims of this copy can be unknown, and the next one is higher than what its batches show
            state = ReplicaState.NONE.claimed(history.epochs().latest());
        }
        if (everything || !history.equals(before)) {
            new EpochsFile(state, history).write(directory.epochs());
        }
        long firstOffset = segments.isEmpty() ? end : segments.getFirst().baseOffset();
        long deletedBefore = segments.isEmpty() ? highestSequenceNr : segments.getFirst().firstSequenceNr() - 1;
        return new RecoveredLog(meta, segments, appendable, Math.max(checkpoint.logStartOffset(), firstOffset), end,
                highestSequenceNr, Math.max(checkpoint.deletedTo(), deletedBefore), state, history, checkpoint, dirty);
    }

    private void recoverSegment(SegmentName name, SegmentName next) throws IOException {
        Path file = directory.path().resolve(name.logFile());
        long size = Files.size(file);
        boolean last = next == null;
        end = name.baseOffset();
        highestSequenceNr = name.firstSequenceNr() - 1;
        if (size == 0) {
            if (suspect) {
                dropAfter(name);
            }
            Files.delete(file);
            return;
        }
        Segment segment = new Segment(directory, name, size);
        segments.add(segment);
        long synced = syncedBytes(name, size);
        boolean covered = synced == size && !everything;
        if (covered && !last) {
            segment.markSynced();
            segment.markIndexOnDisk(); // or rebuilt when it is needed
            return;
        }
        IndexFile index = everything ? null : IndexFile.read(segment.indexFile(), interval, name, size);
        if (covered && index != null && index.covered() == size) {
            segment.index(index.index());
            segment.maxTimestamp(index.index().maxTimestamp());
            end = index.endOffset();
            highestSequenceNr = index.endSequenceNr();
            appendable = true;
            return;
        }
        scan(segment, index, synced, next);
    }

    /** How many bytes of a segment lie below the recovery point. */
    private long syncedBytes(SegmentName name, long size) {
        int order = Long.compare(name.baseOffset(), checkpoint.recoverySegment());
        return order < 0 ? size : order > 0 ? 0 : checkpoint.recoveryPosition();
    }

    private void scan(Segment segment, IndexFile index, long synced, SegmentName next) throws IOException {
        LogHistory before = history;
        SegmentScan scan = new SegmentScan(segment, meta.kind(), segment.size(), interval, history, newestEpoch());
        if (index != null) {
            scan.resume(index.index(), Math.min(synced, index.covered()));
        }
        scan.run();
        dirty = true;
        history = scan.history();
        end = scan.nextOffset();
        highestSequenceNr = scan.nextSequenceNr() - 1;
        appendable = true;
        long bad = scan.damage() == null ? scan.position() : scan.damage().position();
        boolean lacks = scan.damage() != null || (next != null && end != next.baseOffset());
        if (suspect && lacks && bad >= synced) {
            history = before;
            endAt(segment, bad);
            return;
        }
        if (scan.damage() != null && meta.replicated()) {
            throw damaged(scan.damage());
        }
        if (scan.position() == segment.size()) {
            return;
        }
        boolean last = next == null;
        if (last && scan.position() >= synced) {
            cut(segment, scan.position());
        } else if (meta.replicated()) {
            throw damaged(
                    new Damage(segment.file(), scan.position(), (last ? synced : segment.size()) - scan.position(),
                            end, last ? checkpoint.endOffset() : next.baseOffset(), meta.kind(), history.epochs()));
        } else {
            appendable = false;
            LOG.error("damaged log: file {}, position {}, offset {}: nothing readable up to its end, {} bytes",
                    segment.file(), scan.position(), end, segment.size() - scan.position());
        }
    }

    /** What follows a place that the power loss has left bad is of no use. */
    private void endAt(Segment segment, long position) throws IOException {
        dropAfter(segment.name());
        end = segment.baseOffset();
        highestSequenceNr = segment.firstSequenceNr() - 1;
        if (position < segment.size()) {
            cut(segment, position);
        }
        if (position > 0) {
            scan(segment, null, 0, null);
        }
    }

    private void dropAfter(SegmentName name) throws IOException {
        while (!names.getLast().equals(name)) {
            SegmentName last = names.removeLast(); // from the end, so that a crash in between leaves no gap
            LOG.warn("log {}: lost power, {} is dropped because the log ends before it", directory.path(),
                    last.logFile());
            Files.delete(directory.path().resolve(last.logFile()));
            Files.deleteIfExists(directory.path().resolve(last.indexFile()));
        }
    }

    /** Which epochs batches may have: an epoch is promised before its first batch is written. */
    private int newestEpoch() {
        return state == null ? Integer.MAX_VALUE : state.promisedEpoch();
    }

    private void cut(Segment segment, long position) throws IOException {
        LOG.warn("log {}: cut a torn tail of {} bytes at position {}, offset {}", segment.file(),
                segment.size() - position, position, end);
        try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.WRITE)) {
            channel.truncate(position);
            channel.force(true);
        }
        segment.size(position);
        if (position == 0) {
            segment.delete();
            segments.removeLast();
            appendable = false;
        }
    }
}
