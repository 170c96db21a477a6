package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Finds a batch boundary that nobody remembers: by a segment's index, then by the heads of batches. Reads the disk. */
final class BoundarySearch {
    private BoundarySearch() {
    }

    /**
     * The last boundary that is not beyond an offset.
     *
     * @param view a view that reaches to the log's end
     * @throws CorruptLogException if a batch on the way is damaged
     */
    static BatchBoundary floor(FileLogView view, long offset) throws IOException {
        int i = view.segmentOf(offset);
        if (i > 0 && view.segment(i).baseOffset() == offset) {
            i--; // the end of a segment rather than the begin of the next
        }
        return i < 0
                ? BatchBoundary.start(view.logStartOffset(), view.deletedToSequenceNr())
                : inSegment(view, i, offset);
    }

    private static BatchBoundary inSegment(FileLogView view, int i, long offset) throws IOException {
        FileLog log = view.log();
        Segment segment = view.segment(i);
        long end = view.segmentEnd(i);
        SegmentIndex index = log.indexOf(segment, end);
        // events may leave a gap before an entry: what is before it ends where the batch before it does
        int entry = Math.max(index.floorByOffset(offset - 1) - 1, -1);
        long position = entry < 0 ? 0 : index.position(entry);
        long next = entry < 0 ? segment.baseOffset() : index.offset(entry);
        long sequenceNr = (entry < 0 ? segment.firstSequenceNr() : index.sequenceNr(entry)) - 1;
        long maxTimestamp = entry < 0 ? -1 : index.maxTimestampBefore(entry);
        FileChannel channel = segment.acquire();
        try {
            SegmentReader reader = SegmentReader.forScan(channel, end);
            BatchCheck check = new BatchCheck(reader, log.kind(), end, view.segmentEndOffset(i));
            while (position < end) {
                BatchHeader head = position < segment.checked().endOf(position)
                        ? reader.head(position)
                        : check.at(position, next, false, view.epochs(), BatchCheck.NO_NEW_EPOCH);
                if (head == null) {
                    throw new CorruptLogException(segment.file(), position, next, "no intact batch");
                }
                if (head.nextOffset() > offset) {
                    break;
                }
                position += head.sizeInBytes();
                next = head.nextOffset();
                sequenceNr = log.kind() == EntryBatch.Kind.EVENTS ? next : head.lastSequenceNr(sequenceNr);
                maxTimestamp = Math.max(maxTimestamp, head.maxTimestamp());
            }
        } finally {
            segment.release();
        }
        return position == 0 && i > 0
                ? inSegment(view, i - 1, segment.baseOffset()) // nothing in here lies before it, and a cut may take this segment away
                : new BatchBoundary(segment, position, next, sequenceNr, maxTimestamp);
    }
}
