package io.sluice.persistence.log;

import io.sluice.persistence.log.LogView.TimestampedOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;

/** Finds records by timestamp: the right segment and part of it by the largest timestamps in the indexes, then batch heads, then one batch's records. */
final class TimestampSearch {
    private final FileLogView view;
    private final FileLog log;

    TimestampSearch(FileLogView view) {
        this.view = view;
        this.log = view.log();
    }

    Optional<TimestampedOffset> firstAtOrAfter(long timestamp) throws IOException {
        for (int i = first(); i < view.segmentCount(); i++) {
            if (maxTimestamp(i) >= timestamp) {
                Optional<TimestampedOffset> found = search(i, timestamp, t -> t >= timestamp);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    Optional<TimestampedOffset> withLargest() throws IOException {
        Optional<TimestampedOffset> best = Optional.empty();
        for (int i = first(); i < view.segmentCount(); i++) {
            long max = maxTimestamp(i);
            if (max < 0 || (best.isPresent() && max <= best.get().timestamp())) {
                continue;
            }
            boolean whole = view.segment(i).baseOffset() >= view.logStartOffset();
            long target = whole ? max : largestFrom(i);
            Optional<TimestampedOffset> found = target < 0 ? Optional.empty() : search(i, target, t -> t == target);
            if (found.isPresent() && (best.isEmpty() || found.get().timestamp() > best.get().timestamp())) {
                best = found;
            }
        }
        return best;
    }

    private int first() {
        return Math.max(0, view.segmentOf(view.logStartOffset()));
    }

    private long maxTimestamp(int i) throws IOException {
        if (i == view.segmentCount() - 1 && view.lastMaxTimestamp() != Long.MIN_VALUE) {
            return view.lastMaxTimestamp();
        }
        Segment segment = view.segment(i);
        if (segment.maxTimestamp() == Long.MIN_VALUE) {
            log.indexOf(segment, view.whole().segmentEnd(i));
        }
        return segment.maxTimestamp();
    }

    /** Largest record timestamp of a segment whose beginning was deleted. */
    private long largestFrom(int i) throws IOException {
        long[] largest = {-1};
        walk(i, Long.MIN_VALUE, (head, bytes) -> {
            if (head.baseOffset() >= view.logStartOffset()) {
                largest[0] = Math.max(largest[0], head.maxTimestamp());
            } else {
                for (Record r : MemoryRecords.readableRecords(bytes.get()).records()) {
                    if (r.offset() >= view.logStartOffset()) {
                        largest[0] = Math.max(largest[0], r.timestamp());
                    }
                }
            }
            return Optional.empty();
        });
        return largest[0];
    }

    private Optional<TimestampedOffset> search(int i, long atLeast, LongPredicate wanted) throws IOException {
        return walk(i, atLeast, (head, bytes) -> {
            if (head.isLogAppendTime()) {
                return wanted.test(head.maxTimestamp())
                        ? Optional.of(new TimestampedOffset(head.maxTimestamp(),
                                Math.max(head.baseOffset(), view.logStartOffset()), head.leaderEpoch()))
                        : Optional.empty();
            }
            for (Record r : MemoryRecords.readableRecords(bytes.get()).records()) {
                if (r.offset() >= view.logStartOffset() && wanted.test(r.timestamp())) {
                    return Optional.of(new TimestampedOffset(r.timestamp(), r.offset(), head.leaderEpoch()));
                }
            }
            return Optional.empty();
        });
    }

    /** Looks at the batches of a segment that are not wholly below the log start and have a timestamp of at least {@code atLeast}. */
    private Optional<TimestampedOffset> walk(int i, long atLeast, Look look) throws IOException {
        Segment segment = view.segment(i);
        long end = view.segmentEnd(i);
        segment.touch(log.store().ticks());
        SegmentIndex index = log.indexOf(segment, view.whole().segmentEnd(i));
        int entry = Math.max(0, index.floorByOffset(view.logStartOffset()));
        while (entry + 1 < index.count() && index.position(entry + 1) < end
                && index.maxTimestampBefore(entry + 1) < atLeast) {
            entry++;
        }
        FileChannel channel = segment.acquire();
        try {
            SegmentReader reader = SegmentReader.forScan(channel, end);
            BatchCheck check = new BatchCheck(reader, log.kind(), end, view.segmentEndOffset(i));
            long position = index.count() == 0 ? 0 : index.position(entry);
            long expected = index.count() == 0 ? segment.baseOffset() : index.offset(entry);
            while (position < end) {
                BatchHeader head = position < segment.checked().endOf(position)
                        ? reader.head(position)
                        : check.at(position, expected, false, view.epochs(), BatchCheck.NO_NEW_EPOCH);
                if (head == null) {
                    throw new CorruptLogException(segment.file(), position, expected, "no intact batch");
                }
                if (head.recordCount() > 0 && head.maxTimestamp() >= atLeast
                        && head.lastOffset() >= view.logStartOffset()) {
                    long at = position;
                    Optional<TimestampedOffset> found = look.at(head, () -> reader.bytes(head, at));
                    if (found.isPresent()) {
                        return found;
                    }
                }
                position += head.sizeInBytes();
                expected = head.nextOffset();
            }
            return Optional.empty();
        } finally {
            segment.release();
        }
    }

    /** Looks at one batch. */
    private interface Look {
        Optional<TimestampedOffset> at(BatchHeader head, Bytes bytes) throws IOException;
    }

    /** Reads one batch. */
    private interface Bytes {
        ByteBuffer get() throws IOException;
    }
}
