package io.sluice.persistence.log;

/**
 * A place between two batches, described by what lies before it.
 *
 * @param segment the segment it is in, null before the first batch
 * @param position bytes of the segment before it
 * @param offset offset that follows the batch before it
 * @param sequenceNr sequence number of the last event before it
 * @param maxTimestamp largest timestamp in the segment before it, -1 if there is none, Long.MIN_VALUE if it is not known
 */
record BatchBoundary(Segment segment, long position, long offset, long sequenceNr, long maxTimestamp) {

    /** The place before the first batch of a log. */
    static BatchBoundary start(long offset, long sequenceNr) {
        return new BatchBoundary(null, 0, offset, sequenceNr, -1);
    }

    /** The same place, if it is in {@code from}, in the segment that took its place. */
    BatchBoundary moved(Segment from, Segment to) {
        return segment == from ? new BatchBoundary(to, position, offset, sequenceNr, maxTimestamp) : this;
    }
}
