package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Finds the bytes of a read in one segment of a view. {@link #find} uses only bytes that are known to be good; {@link #check} reads and
 * checks what it is about to hand out, and stops at damage.
 */
final class SliceFinder {
    private final FileLogView view;
    private final FileLog log;
    private final Segment segment;
    private final int segmentNumber;
    private final long segmentEnd;
    private final long segmentEndOffset;
    private final int maxBytes;
    private final boolean wholeFirstBatch;
    private final boolean skipsFillers;

    /**
     * @param withFillers whether a slice may begin with {@link Filler}s, as other replicas need it; consumers get at least one other batch, because
     *        some clients do not go on behind empty ones alone
     */
    SliceFinder(FileLogView view, int segmentNumber, int maxBytes, boolean wholeFirstBatch, boolean withFillers) {
        this.view = view;
        this.log = view.log();
        this.segment = view.segment(segmentNumber);
        this.segmentNumber = segmentNumber;
        this.segmentEnd = view.segmentEnd(segmentNumber);
        this.segmentEndOffset = view.segmentEndOffset(segmentNumber);
        this.maxBytes = maxBytes;
        this.wholeFirstBatch = wholeFirstBatch;
        boolean mayHaveFillers = segment.name().cleaning() != null || log.config().compaction() != null;
        this.skipsFillers = mayHaveFillers && !withFillers;
    }

    /** What a search may find in one segment. */
    sealed interface Result {
        /** The slice. */
        record Found(LogSlice slice) implements Result {}

        /** Bytes must be loaded or checked first. */
        record NotReady() implements Result {}

        /** The segment ends before the offset: the next one may have it. */
        record Beyond() implements Result {}

        /** From the offset on, the segment has nothing but fillers: the next one has more. */
        record OnlyFillers() implements Result {}
    }

    private static final Result NOT_READY = new Result.NotReady();
    private static final Result BEYOND = new Result.Beyond();
    private static final Result ONLY_FILLERS = new Result.OnlyFillers();

    /** Looks without checking anything. */
    Result find(long offset) throws IOException {
        segment.touch(log.store().ticks());
        SegmentIndex index = segment.index();
        if (index == null) {
            return NOT_READY;
        }
        int entry = index.floorByOffset(offset);
        long position = log.places().find(offset, segment);
        boolean exact = position >= 0;
        if (!exact) {
            position = entry < 0 ? 0 : index.position(entry);
            exact = entry >= 0 && index.offset(entry) == offset;
        }
        long limit = Math.min(segment.checked().endOf(position), segmentEnd);
        if (position >= limit) {
            return position >= segmentEnd ? BEYOND : NOT_READY;
        }
        FileChannel channel = segment.acquire();
        LogSlice slice = null;
        try {
            SegmentReader reader = SegmentReader.forLookup(channel, limit);
            if (!exact) {
                position = walkTo(offset, position, limit, reader);
                if (position < 0) {
                    return limit >= segmentEnd ? BEYOND : NOT_READY;
                }
            }
            if (skipsFillers) {
                position = skipFillers(position, limit, reader);
                if (position >= limit) {
                    return limit >= segmentEnd ? ONLY_FILLERS : NOT_READY;
                }
            }
            slice = slice(index, reader, channel, offset, position, limit);
            return new Result.Found(slice);
        } finally {
            if (slice == null || slice.length() == 0) {
                segment.release();
            }
        }
    }

    /** The batch that holds the offset or is the first behind it, -1 if all of them are before it. */
    private static long walkTo(long offset, long from, long limit, SegmentReader reader) throws IOException {
        long position = from;
        while (position < limit) {
            BatchHeader head = reader.head(position);
            if (head.nextOffset() > offset) {
                return position;
            }
            position += head.sizeInBytes();
        }
        return -1;
    }

    private static long skipFillers(long from, long limit, SegmentReader reader) throws IOException {
        long position = from;
        while (position < limit && reader.head(position).isFiller()) {
            position += BatchHeader.BYTES;
        }
        return position;
    }

    private LogSlice slice(SegmentIndex index, SegmentReader reader, FileChannel channel, long offset, long position,
            long limit) throws IOException {
        if (limit == segmentEnd && limit - position <= maxBytes) {
            return end(channel, position, limit, segmentEndOffset);
        }
        long most = Math.min(position + maxBytes, limit);
        int entry = index.floorByPosition(most);
        if (entry >= 0 && index.position(entry) > position) {
            return new FileSlice(segment, channel, position, (int) (index.position(entry) - position),
                    index.offset(entry));
        }
        long end = position;
        long next = offset;
        while (end < limit) {
            BatchHeader head = reader.head(end);
            if (end + head.sizeInBytes() > most && (end > position || !wholeFirstBatch)) {
                break;
            }
            end += head.sizeInBytes();
            next = head.nextOffset();
        }
        return end == position ? FileSlice.empty(offset) : end(channel, position, end, next);
    }

    private LogSlice end(FileChannel channel, long position, long end, long nextOffset) {
        if (end < segmentEnd || nextOffset == view.highWatermark()) {
            log.places().note(nextOffset, segment, end);
        }
        return new FileSlice(segment, channel, position, (int) (end - position), nextOffset);
    }

    /**
     * Looks and checks; for a thread that may wait for the disk.
     *
     * @throws CorruptLogException if the batch with that offset is damaged
     */
    Result check(long offset) throws IOException {
        SegmentIndex index = log.indexOf(segment, view.whole().segmentEnd(segmentNumber));
        Result known = find(offset);
        if (!(known instanceof Result.NotReady)) {
            return known;
        }
        FileChannel channel = segment.acquire();
        Result result = BEYOND;
        try {
            result = check(index, channel, offset);
            return result;
        } finally {
            if (!(result instanceof Result.Found found) || found.slice().length() == 0) {
                segment.release();
            }
        }
    }

    private Result check(SegmentIndex index, FileChannel channel, long offset) throws IOException {
        BatchCheck check = new BatchCheck(SegmentReader.forScan(channel, segmentEnd), log.kind(), segmentEnd,
                segmentEndOffset);
        EpochHistory epochs = view.epochs();
        int entry = index.floorByOffset(offset);
        long position = entry < 0 ? 0 : index.position(entry);
        long expected = entry < 0 ? segment.baseOffset() : index.offset(entry);
        long goodFrom = position;
        boolean afterDamage = false;
        long start = -1;
        long startEnd = -1;
        boolean skipped = false;
        while (position < segmentEnd) {
            BatchHeader head = check.at(position, expected, afterDamage, epochs, BatchCheck.NO_NEW_EPOCH);
            if (head == null) {
                if (start >= 0) {
                    break;
                }
                long next = nextGood(check, index, position, expected, epochs);
                BatchHeader behind = next < 0 ? null : check.at(next, expected, true, epochs, BatchCheck.NO_NEW_EPOCH);
                long behindOffset = behind == null ? segmentEndOffset : behind.baseOffset();
                if (offset < behindOffset) {
                    throw new CorruptLogException(new Damage(segment.file(), position,
                            (behind == null ? segmentEnd : next) - position, expected, behindOffset, log.kind(),
                            epochs),
                            "no intact batch up to offset " + behindOffset);
                }
                if (behind == null) {
                    return BEYOND;
                }
                segment.checked().add(goodFrom, position);
                goodFrom = next;
                position = next;
                afterDamage = true;
                continue;
            }
            if (start < 0 && head.nextOffset() > offset) {
                if (skipsFillers && head.isFiller()) {
                    skipped = true;
                } else {
                    start = position;
                }
            }
            long after = position + head.sizeInBytes();
            if (start >= 0 && after - start > maxBytes && !(position == start && wholeFirstBatch)) {
                break;
            }
            position = after;
            expected = head.nextOffset();
            afterDamage = false;
            if (start >= 0) {
                startEnd = position;
            }
        }
        segment.checked().add(goodFrom, position);
        if (start < 0) {
            return skipped ? ONLY_FILLERS : BEYOND;
        }
        return new Result.Found(
                startEnd < 0 ? FileSlice.empty(offset) : end(channel, start, startEnd, expected));
    }

    /** The next batch behind damage: one found by its bytes before the next index entry, or the one at that entry. */
    private long nextGood(BatchCheck check, SegmentIndex index, long damage, long expected, EpochHistory epochs)
            throws IOException {
        int entry = index.floorByPosition(damage);
        long from = damage + 1;
        while (from < segmentEnd) {
            entry++;
            long to = entry < index.count() ? Math.min(index.position(entry), segmentEnd) : segmentEnd;
            long found = check.next(from, Math.min(to + 1, segmentEnd), expected, epochs, BatchCheck.NO_NEW_EPOCH);
            if (found >= 0) {
                return found;
            }
            from = to + 1;
        }
        return -1;
    }
}
