package io.sluice.persistence.log;

import java.io.IOException;

/**
 * The high watermark of a replica: where it lies in the files, and where the batches above it end, so that moving it is cheap. What is not
 * remembered (after a restart, or if very much is uncommitted) is looked up. For the log's writer alone.
 */
final class HighWatermark {
    private final Boundaries above = new Boundaries();
    private BatchBoundary at;
    /** Whether there may be boundaries between {@link #at} and those in {@link #above}. */
    private boolean gap;

    HighWatermark(BatchBoundary at) {
        this.at = at;
    }

    /** Where it lies. */
    BatchBoundary at() {
        return at;
    }

    long offset() {
        return at.offset();
    }

    /** Notes the end of a batch that was appended. */
    void appended(Segment segment, long position, long offset, long sequenceNr, long maxTimestamp) {
        gap |= above.add(segment, position, offset, sequenceNr, maxTimestamp);
    }

    /** Notes where the log ends, and that nothing is known of what lies between. */
    void foundEnd(BatchBoundary end) {
        above.clear();
        if (end.offset() > at.offset()) {
            appended(end.segment(), end.position(), end.offset(), end.sequenceNr(), end.maxTimestamp());
            gap = true;
        }
    }

    /**
     * Moves up to the last boundary that is not beyond {@code offset}.
     *
     * @param whole a view that reaches to the log's end, or to where it ended at the last flush
     * @return whether it moved
     */
    boolean raise(long offset, FileLogView whole) throws IOException {
        if (offset <= at.offset()) {
            return false;
        }
        int i = above.floor(offset);
        if (i >= 0) {
            at = above.get(i);
            above.removeFirst(i + 1);
            gap = false;
            return true;
        }
        BatchBoundary found = gap ? BoundarySearch.floor(whole, offset) : at;
        boolean moves = found.offset() > at.offset();
        if (moves) {
            at = found;
        }
        return moves;
    }

    /** The last boundary that is not beyond {@code offset}, which is not below the high watermark. */
    BatchBoundary boundary(long offset, FileLogView whole) throws IOException {
        int i = above.floor(offset);
        return i >= 0 ? above.get(i) : gap || at.segment() == null ? BoundarySearch.floor(whole, offset) : at;
    }

    /** The log was cut at a boundary; {@code to} has taken the place of the segment {@code from}. */
    void cut(BatchBoundary end, Segment from, Segment to) {
        at = at.moved(from, to);
        foundEnd(end.moved(from, to));
    }

    /** The log begins anew. */
    void restart(BatchBoundary start) {
        at = start;
        above.clear();
        gap = false;
    }
}
