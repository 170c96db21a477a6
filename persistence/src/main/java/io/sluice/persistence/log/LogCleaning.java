package io.sluice.persistence.log;

import io.sluice.persistence.log.compact.BatchFilter;
import io.sluice.persistence.log.compact.CompactionPlan;
import io.sluice.persistence.log.compact.CompactionPolicy;
import io.sluice.persistence.log.compact.CompactionSettings;
import io.sluice.persistence.log.compact.OffsetMap;
import io.sluice.persistence.log.compact.ProducerBatches;
import io.sluice.persistence.log.compact.SegmentFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;

/**
 * One pass of compaction over one log: learns the last offset of each key that has new records, then writes its segments anew without what is
 * superseded, one after the other, the oldest first. Only closed segments below that of the high watermark are touched. Appends and readers go on
 * meanwhile; memory is bounded by the map and a batch. Runs on a thread that may wait for the disk.
 */
final class LogCleaning {
    /** Batches up to about this size, in bytes, are read whole where only their heads are looked at. */
    private static final int SMALL_BATCH = 4096;

    private final FileLog log;
    private final FileLogView view;
    private final CompactionPolicy policy;
    private final CompactionSettings settings;
    private final Throttle throttle;
    private final long nowMs;

    LogCleaning(FileLog log, CompactionPolicy policy, Throttle throttle) {
        this.log = log;
        this.view = log.fileView();
        this.policy = policy;
        this.settings = log.store().settings().compaction();
        this.throttle = throttle;
        this.nowMs = log.store().settings().clock().millis();
    }

    /**
     * Does a pass if one is due.
     *
     * @return whether it did, so that another one may be due
     * @throws InterruptedException if the store closes
     */
    boolean run() throws IOException, InterruptedException {
        List<SegmentFacts> facts = new ArrayList<>();
        for (int i = 0; i < view.segmentCount() - 1; i++) {
            facts.add(facts(i));
        }
        CompactionPlan plan = CompactionPlan.of(policy, facts, nowMs);
        if (!plan.isDue()) {
            return false;
        }
        log.touch();
        log.checkpoints().checkpoint(); // a crash must not mistake what is about to go for what must be there
        ProducerBatches producers = new ProducerBatches(settings.mostProducers());
        long records = 0;
        for (int i = 0; i < plan.count(); i++) {
            records += survey(i, i >= plan.firstDirty(), producers);
        }
        OffsetMap offsets = new OffsetMap(records, settings.mapBytes());
        long mappedTo = map(plan, offsets);
        return clean(plan, mappedTo, new BatchFilter(offsets, producers, policy, nowMs));
    }

    private SegmentFacts facts(int i) throws IOException {
        Segment segment = view.segment(i);
        SegmentName.Cleaning cleaning = segment.name().cleaning();
        long firstTimestamp = -1;
        if (policy.maxLagMs() < Long.MAX_VALUE && (cleaning == null || cleaning.cleanTo() < cleaning.endOffset())) {
            FileChannel channel = segment.acquire();
            try {
                BatchHeader head = SegmentReader.forScan(channel, segment.size()).head(0);
                firstTimestamp = head == null ? -1 : head.maxTimestamp();
            } finally {
                segment.release();
            }
        }
        long max = Retention.timeOf(segment, Retention.maxTimestamp(log, segment));
        return new SegmentFacts(segment.baseOffset(), cleaning == null ? segment.baseOffset() : cleaning.cleanTo(),
                view.segmentEndOffset(i), segment.size(), firstTimestamp < 0 ? max : firstTimestamp, max);
    }

    /** Notes the producers of a segment's batches; returns how many records it has if they count. */
    private long survey(int i, boolean counts, ProducerBatches producers) throws IOException, InterruptedException {
        long[] records = {0};
        walk(i, false, (head, bytes) -> {
            producers.add(head.producerId(), head.lastOffset());
            records[0] += counts ? head.recordCount() : 0;
            throttle.used(Math.min(head.sizeInBytes(), SMALL_BATCH));
            return true;
        });
        return records[0];
    }

    /** Fills the map with what is new; returns the offset up to which it went in. */
    private long map(CompactionPlan plan, OffsetMap offsets) throws IOException, InterruptedException {
        long[] mappedTo = {plan.dirtyFrom()};
        for (int i = plan.firstDirty(); i < plan.count(); i++) {
            boolean all = walk(i, true, (head, bytes) -> {
                throttle.used(head.sizeInBytes());
                long full = head.nextOffset() > plan.dirtyFrom() ? map(bytes.get(), plan.dirtyFrom(), offsets) : -1;
                mappedTo[0] = full < 0 ? Math.max(mappedTo[0], head.nextOffset()) : full;
                return full < 0;
            });
            if (!all) {
                break;
            }
        }
        return mappedTo[0];
    }

    /** The offset of the first record for which there is no room, -1 if there is for all. */
    private static long map(ByteBuffer batch, long from, OffsetMap offsets) {
        for (Record record : MemoryRecords.readableRecords(batch).records()) {
            if (record.hasKey() && record.offset() >= from && !offsets.put(record.key(), record.offset())) {
                return record.offset();
            }
        }
        return -1;
    }

    private boolean clean(CompactionPlan plan, long mappedTo, BatchFilter filter)
            throws IOException, InterruptedException {
        long segmentBytes = log.config().segmentBytes();
        int from = 0;
        while (from < plan.count() && view.segment(from).baseOffset() < mappedTo) {
            int next = from;
            try (CleanedSegment cleaned = new CleanedSegment(log.directory(), view.segment(from),
                    log.store().settings().indexIntervalBytes())) {
                do {
                    clean(next++, mappedTo, filter, cleaned);
                } while (next < plan.count() && view.segment(next).baseOffset() < mappedTo
                        && cleaned.hasRoomFor(view.segment(next), view.segmentEndOffset(next), segmentBytes));
                if (!swap(from, next, cleaned, mappedTo)) {
                    return false;
                }
            }
            from = next;
        }
        return true;
    }

    private void clean(int i, long mappedTo, BatchFilter filter, CleanedSegment cleaned)
            throws IOException, InterruptedException {
        cleaned.begin(view.segment(i));
        walk(i, true, (head, bytes) -> {
            boolean known = head.baseOffset() < mappedTo;
            ByteBuffer left = head.isFiller()
                    ? ByteBuffer.allocate(0)
                    : known ? filter.filter(bytes.get()) : bytes.get();
            throttle.used(head.sizeInBytes() + left.remaining());
            cleaned.add(head, left);
            return true;
        });
    }

    private boolean swap(int from, int to, CleanedSegment cleaned, long mappedTo)
            throws IOException, InterruptedException {
        List<Segment> replaced = new ArrayList<>();
        for (int i = from; i < to; i++) {
            replaced.add(view.segment(i));
        }
        Segment finished = cleaned.finish(mappedTo);
        IndexFile.write(finished.indexFile(), finished.index(), finished.size(), view.segmentEndOffset(to - 1),
                view.segment(to).firstSequenceNr() - 1, finished.maxTimestamp());
        finished.markIndexOnDisk();
        boolean swapped = false;
        try {
            swapped = log.submit(new SegmentSwap(replaced, finished, cleaned.file())).get();
            return swapped;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } finally {
            if (!swapped) {
                Files.deleteIfExists(finished.indexFile());
            }
        }
    }

    /**
     * Shows the batches of a segment until the visitor says false; whether it never did. Damage ends the pass: it must not spread.
     *
     * @param checks whether the bytes of the batches are checked, not only that their heads follow one another
     */
    private boolean walk(int i, boolean checks, Visitor visitor) throws IOException, InterruptedException {
        Segment segment = view.segment(i);
        long end = segment.size();
        FileChannel channel = segment.acquire();
        try {
            SegmentReader reader = SegmentReader.forScan(channel, end);
            BatchCheck check = new BatchCheck(reader, log.kind(), end, view.segmentEndOffset(i));
            long position = 0;
            long expected = segment.baseOffset();
            while (position < end) {
                BatchHeader head = checks
                        ? check.at(position, expected, false, view.epochs(), BatchCheck.NO_NEW_EPOCH)
                        : reader.head(position);
                if (!reader.isPlausible(head, position) || head.baseOffset() != expected) {
                    throw new CorruptLogException(segment.file(), position, expected, "no intact batch");
                }
                long at = position;
                if (!visitor.visit(head, () -> reader.bytes(head, at))) {
                    return false;
                }
                position += head.sizeInBytes();
                expected = head.nextOffset();
            }
            return true;
        } finally {
            segment.release();
        }
    }

    /** Sees one batch. */
    private interface Visitor {
        boolean visit(BatchHeader head, Bytes bytes) throws IOException, InterruptedException;
    }

    /** Reads one batch. */
    private interface Bytes {
        ByteBuffer get() throws IOException;
    }
}
