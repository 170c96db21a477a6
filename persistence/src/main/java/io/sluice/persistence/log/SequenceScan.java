package io.sluice.persistence.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Shows the batches of a view to a visitor in order of their sequence numbers, each checked before it is shown unless that is known already. */
final class SequenceScan {
    private final FileLogView view;
    private final FileLog log;

    SequenceScan(FileLogView view) {
        this.view = view;
        this.log = view.log();
    }

    void run(long from, long to, BatchVisitor visitor) throws IOException {
        long first = Math.max(from, view.deletedToSequenceNr() + 1);
        long last = Math.min(to, view.highestSequenceNr());
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
        SegmentIndex index = log.indexOf(segment, end);
        FileChannel channel = segment.acquire();
        try {
            SegmentReader reader = SegmentReader.forScan(channel, end);
            BatchCheck check = new BatchCheck(reader, log.kind(), end, view.segmentEndOffset(i));
            int entry = index.floorBySequenceNr(first);
            long position = entry < 0 ? 0 : index.position(entry);
            long offset = entry < 0 ? segment.baseOffset() : index.offset(entry);
            long sequenceNr = entry < 0 ? segment.firstSequenceNr() : index.sequenceNr(entry);
            while (position < end) {
                BatchHeader head = position < segment.checked().endOf(position)
                        ? reader.head(position)
                        : checked(segment, check, position, offset);
                long at = position;
                long firstOf = log.kind() == EntryBatch.Kind.EVENTS ? head.baseOffset() + 1 : sequenceNr;
                long lastOf = log.kind() == EntryBatch.Kind.EVENTS ? head.lastOffset() + 1 : sequenceNr;
                if (firstOf > last) {
                    return false;
                }
                if (lastOf >= first && !visitor.visit(firstOf, head, () -> bytes(reader, head, at))) {
                    return false;
                }
                position += head.sizeInBytes();
                offset = head.nextOffset();
                sequenceNr = lastOf + 1;
            }
            return true;
        } finally {
            segment.release();
        }
    }

    private BatchHeader checked(Segment segment, BatchCheck check, long position, long offset) throws IOException {
        BatchHeader head = check.at(position, offset, false, view.epochs(), BatchCheck.NO_NEW_EPOCH);
        if (head == null) {
            throw new CorruptLogException(segment.file(), position, offset, "no intact batch");
        }
        segment.checked().add(position, position + head.sizeInBytes());
        return head;
    }

    private static ByteBuffer bytes(SegmentReader reader, BatchHeader head, long position) {
        try {
            return reader.bytes(head, position);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
