package io.sluice.persistence.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the batches of a view to a visitor in order of their sequence numbers, each checked before it is shown unless that is known already. Damage
 * ends a scan of events: what follows means nothing without what is lost. Record batches do not depend on each other, so a damaged range of them is
 * reported and left out, as it is for readers, unless other replicas may have it.
 */
final class SequenceScan {
    private static final Logger LOG = LoggerFactory.getLogger(SequenceScan.class);

    private final FileLog log;
    private FileLogView view;
    /** The first sequence number that was not shown yet. */
    private long next;

    SequenceScan(FileLogView view) {
        this.view = view;
        this.log = view.log();
    }

    void run(long from, long to, BatchVisitor visitor) throws IOException {
        long last = Math.min(to, view.highestSequenceNr());
        next = from;
        while (true) {
            try {
                scan(Math.max(next, view.deletedToSequenceNr() + 1), last, visitor);
                return;
            } catch (NoSuchFileException e) {
                view = view.afterLossOf(e); // goes on where it was
            }
        }
    }

    private void scan(long first, long last, BatchVisitor visitor) throws IOException {
        int i = 0;
        while (i + 1 < view.segmentCount() && view.segment(i + 1).firstSequenceNr() <= first) {
            i++;
        }
        boolean more = first <= last;
        for (; more && i < view.segmentCount() && view.segment(i).firstSequenceNr() <= last; i++) {
            log.touch();
            more = scanSegment(i, first, last, visitor);
        }
    }

    private boolean scanSegment(int i, long first, long last, BatchVisitor visitor) throws IOException {
        Segment segment = view.segment(i);
        long end = view.segmentEnd(i);
        segment.touch(log.store().ticks());
        SegmentIndex index = log.indexOf(segment, view.whole().segmentEnd(i));
        FileChannel channel = segment.acquire();
        try {
            SegmentReader reader = SegmentReader.forScan(channel, end);
            BatchCheck check = new BatchCheck(reader, log.kind(), end, view.segmentEndOffset(i));
            int entry = index.floorBySequenceNr(first);
            long position = entry < 0 ? 0 : index.position(entry);
            long offset = entry < 0 ? segment.baseOffset() : index.offset(entry);
            long sequenceNr = entry < 0 ? segment.firstSequenceNr() : index.sequenceNr(entry);
            boolean afterDamage = false;
            while (position < end) {
                BatchHeader head = position < segment.checked().endOf(position)
                        ? reader.head(position)
                        : checked(segment, check, position, offset, afterDamage);
                if (head == null) {
                    position = behindDamage(segment, check, reader, position, end, offset, view.segmentEndOffset(i));
                    sequenceNr++; // at least one batch is lost
                    afterDamage = true;
                    continue;
                }
                afterDamage = false;
                long at = position;
                boolean events = log.kind() == EntryBatch.Kind.EVENTS;
                long lastOf = events ? head.lastOffset() + 1 : head.lastSequenceNr(sequenceNr - 1);
                long firstOf = events ? head.baseOffset() + 1 : lastOf;
                if (firstOf > last) {
                    return false;
                }
                if (lastOf >= first && !visitor.visit(firstOf, head, () -> bytes(reader, head, at))) {
                    return false;
                }
                next = Math.max(next, lastOf + 1);
                position += head.sizeInBytes();
                offset = head.nextOffset();
                sequenceNr = lastOf + 1;
            }
            return true;
        } finally {
            segment.release();
        }
    }

    private BatchHeader checked(Segment segment, BatchCheck check, long position, long offset, boolean afterDamage)
            throws IOException {
        BatchHeader head = check.at(position, offset, afterDamage, view.epochs(), BatchCheck.NO_NEW_EPOCH);
        if (head != null) {
            segment.checked().add(position, position + head.sizeInBytes());
        }
        return head;
    }

    /** Where the next intact batch begins, the segment's end if there is none. */
    private long behindDamage(Segment segment, BatchCheck check, SegmentReader reader, long position, long end,
            long offset, long endOffset) throws IOException {
        long next = check.next(position + 1, end, offset, view.epochs(), BatchCheck.NO_NEW_EPOCH);
        long to = next < 0 ? end : next;
        if (log.kind() == EntryBatch.Kind.EVENTS || log.isReplica()) {
            long toOffset = next < 0 ? endOffset : reader.head(next).baseOffset();
            throw new CorruptLogException(new Damage(segment.file(), position, to - position, offset, toOffset,
                    log.kind(), view.epochs()), "no intact batch");
        }
        LOG.error("damaged log: file {}, position {}, offset {}: {} bytes left out", segment.file(), position, offset,
                to - position);
        return to;
    }

    private static ByteBuffer bytes(SegmentReader reader, BatchHeader head, long position) {
        try {
            return reader.bytes(head, position);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
