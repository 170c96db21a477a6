package io.sluice.persistence.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The state of a {@link FileLog} at one moment. */
final class FileLogView implements LogView {
    private final FileLog log;
    /** Those of the whole log; the first {@link #count} may be read. */
    private final Segment[] segments;
    private final int count;
    private final long lastSize;
    private final long lastMaxTimestamp;
    private final long sizeInBytes;
    private final long logStart;
    private final long end;
    private final long highestSequenceNr;
    private final long deletedTo;
    private final EpochHistory epochs;
    private final FileLogView whole;

    FileLogView(FileLog log, Segment[] segments, long lastSize, long lastMaxTimestamp, long sizeInBytes, long logStart,
            long end, long highestSequenceNr, long deletedTo, EpochHistory epochs) {
        this.log = log;
        this.segments = segments;
        this.count = segments.length;
        this.lastSize = lastSize;
        this.lastMaxTimestamp = lastMaxTimestamp;
        this.sizeInBytes = sizeInBytes;
        this.logStart = logStart;
        this.end = end;
        this.highestSequenceNr = highestSequenceNr;
        this.deletedTo = deletedTo;
        this.epochs = epochs;
        this.whole = this;
    }

    private FileLogView(FileLogView whole, int count, BatchBoundary end) {
        this.log = whole.log;
        this.segments = whole.segments;
        this.count = count;
        this.lastSize = end.position();
        this.lastMaxTimestamp = end.maxTimestamp();
        this.sizeInBytes = whole.sizeInBytes;
        this.logStart = whole.logStart;
        this.end = Math.max(end.offset(), whole.logStart);
        this.highestSequenceNr = Math.max(end.sequenceNr(), whole.deletedTo);
        this.deletedTo = whole.deletedTo;
        this.epochs = whole.epochs;
        this.whole = whole;
    }

    /** This view of the log, up to the high watermark. */
    FileLogView upTo(BatchBoundary highWatermark) {
        int n = segments.length;
        while (n > 0 && !segments[n - 1].equals(highWatermark.segment())) {
            n--; // none is left if what lies before the high watermark was deleted
        }
        return new FileLogView(this, n, highWatermark);
    }

    /** The view up to the log's end, which may lie behind the high watermark. */
    FileLogView whole() {
        return whole;
    }

    FileLog log() {
        return log;
    }

    EpochHistory epochs() {
        return epochs;
    }

    int segmentCount() {
        return count;
    }

    Segment segment(int i) {
        return segments[i];
    }

    /** How many bytes of a segment belong to this view. */
    long segmentEnd(int i) {
        return i == count - 1 ? lastSize : segments[i].size();
    }

    /** The offset at which a segment ends. */
    long segmentEndOffset(int i) {
        return i == count - 1 ? end : segments[i + 1].baseOffset();
    }

    /** Largest timestamp of the last segment, -1 if it has none, Long.MIN_VALUE if it is not known. */
    long lastMaxTimestamp() {
        return lastMaxTimestamp;
    }

    @Override
    public long logStartOffset() {
        return logStart;
    }

    @Override
    public long highWatermark() {
        return end;
    }

    @Override
    public long logEndOffset() {
        return whole.end;
    }

    @Override
    public long highestSequenceNr() {
        return highestSequenceNr;
    }

    @Override
    public long deletedToSequenceNr() {
        return deletedTo;
    }

    @Override
    public long sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public int latestEpoch() {
        return epochs.latest();
    }

    @Override
    public Optional<EpochEnd> endOf(int leaderEpoch) {
        return (whole.end == end ? epochs : epochs.cutAt(end)).endOf(leaderEpoch, end);
    }

    @Override
    public LogSlice tryRead(long offset, int maxBytes, boolean wholeFirstBatch) {
        return tryFind(offset, maxBytes, wholeFirstBatch, false);
    }

    @Override
    public CompletionStage<LogSlice> read(long offset, int maxBytes, boolean wholeFirstBatch) {
        return log.reading(() -> find(offset, maxBytes, wholeFirstBatch, false, true));
    }

    /** Where the oldest batch begins that is still stored. */
    LogBegin begin() {
        return LogBegin.of(segments, logStart, deletedTo);
    }

    /** As {@link #tryRead}, but from {@link #begin} on. */
    LogSlice tryReadStored(long offset, int maxBytes) {
        return tryFind(offset, maxBytes, true, true);
    }

    /** As {@link #read}, but from {@link #begin} on. */
    CompletionStage<LogSlice> readStored(long offset, int maxBytes) {
        return log.reading(() -> find(offset, maxBytes, true, true, true));
    }

    private LogSlice tryFind(long offset, int maxBytes, boolean wholeFirstBatch, boolean stored) {
        try {
            return find(offset, maxBytes, wholeFirstBatch, stored, false);
        } catch (IOException e) {
            return null; // read() meets it again and reports it
        }
    }

    /** @param stored whether everything that is stored may be read, rather than from the log start to the high watermark */
    private LogSlice find(long offset, int maxBytes, boolean wholeFirstBatch, boolean stored, boolean check)
            throws IOException {
        long least = stored ? begin().offset() : logStart;
        if (offset < least || offset > end) {
            throw new OffsetOutOfRangeException(log.persistenceId() + ": offset " + offset
                    + " is not between log start " + least + " and high watermark " + end);
        }
        log.touch();
        try {
            return findInSegments(offset, Math.max(0, maxBytes), wholeFirstBatch, stored, check);
        } catch (NoSuchFileException | EOFException e) {
            FileLogView now = stored ? log.fileView().whole() : log.fileView();
            if (offset >= Math.min(now.logStartOffset(), log.begin().offset()) && offset < now.logEndOffset()) {
                return afterLoss(e, now).find(offset, maxBytes, wholeFirstBatch, stored, check);
            }
            throw new OffsetOutOfRangeException(log.persistenceId() + ": offset " + offset
                    + " was deleted meanwhile, the log has " + now.logStartOffset() + " to " + now.logEndOffset());
        }
    }

    /**
     * The log's view now, to go on with when a segment of this one is gone: compaction or retention has taken it away.
     *
     * @throws NoSuchFileException the given one, if nothing has changed since
     */
    FileLogView afterLossOf(NoSuchFileException loss) throws NoSuchFileException {
        return afterLoss(loss, log.fileView());
    }

    private <E extends IOException> FileLogView afterLoss(E loss, FileLogView now) throws E {
        if (Arrays.equals(now.segments, segments)) {
            throw loss;
        }
        return now;
    }

    private LogSlice findInSegments(long offset, int maxBytes, boolean wholeFirstBatch, boolean stored, boolean check)
            throws IOException {
        int first = offset == end ? count : Math.max(0, segmentOf(offset));
        for (int i = first; i < count; i++) {
            SliceFinder finder = new SliceFinder(this, i, maxBytes, wholeFirstBatch, stored);
            SliceFinder.Result result = check ? finder.check(offset) : finder.find(offset);
            if (result instanceof SliceFinder.Result.Found found) {
                return found.slice();
            }
            if (result instanceof SliceFinder.Result.NotReady) {
                return null;
            }
            boolean missing = !(result instanceof SliceFinder.Result.OnlyFillers);
            if (missing && log.kind() == EntryBatch.Kind.RECORDS && offset < segmentEndOffset(i)) {
                if (check) {
                    throw new CorruptLogException(segments[i].file(), segmentEnd(i), offset,
                            "the file ends before offset " + segmentEndOffset(i));
                }
                return null;
            }
        }
        return FileSlice.empty(end); // events may leave a gap at the end
    }

    /** The last segment whose base offset is at most {@code offset}, -1 if none. */
    int segmentOf(long offset) {
        int low = 0;
        int high = count - 1;
        if (high >= 0 && segments[high].baseOffset() <= offset) {
            return high;
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Closes the files of all segments that nobody holds. */
    void restAll() {
        for (Segment s : segments) {
            s.rest();
        }
    }

    /** Lets go of closed segments that nobody has read since {@code before}. */
    void restUnused(long before) {
        for (int i = 0; i < segments.length - 1; i++) {
            Segment s = segments[i];
            if (s.lastUsed() < before && s.isIndexOnDisk()) {
                s.index(null);
                s.rest();
            }
        }
    }

    @Override
    public CompletionStage<Optional<TimestampedOffset>> firstAtOrAfter(long timestamp) {
        return log.reading(() -> searching(search -> search.firstAtOrAfter(timestamp)));
    }

    @Override
    public CompletionStage<Optional<TimestampedOffset>> withLargestTimestamp() {
        return log.reading(() -> searching(TimestampSearch::withLargest));
    }

    private <T> T searching(Search<T> search) throws IOException {
        FileLogView view = this;
        while (true) {
            try {
                return search.run(new TimestampSearch(view));
            } catch (NoSuchFileException e) {
                view = view.afterLossOf(e);
            }
        }
    }

    /** A search by timestamp. */
    private interface Search<T> {
        T run(TimestampSearch search) throws IOException;
    }

    @Override
    public CompletionStage<Void> scan(long fromSequenceNr, long toSequenceNr, BatchVisitor visitor) {
        return log.reading(() -> {
            new SequenceScan(this).run(fromSequenceNr, toSequenceNr, visitor);
            return null;
        });
    }
}
