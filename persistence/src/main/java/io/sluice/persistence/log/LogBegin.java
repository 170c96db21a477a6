package io.sluice.persistence.log;

/**
 * Where the oldest batch begins that a log still has. That is at the log start or before it, which may lie within a batch or a segment: here another
 * copy can begin.
 *
 * @param offset the first offset of that batch; where the log ends if it has none
 * @param sequenceNr the highest sequence number before it
 */
public record LogBegin(long offset, long sequenceNr) {

    /** Of a log with these segments; {@code deletedTo} is the sequence number before the log start, where no segment reaches that far back. */
    static LogBegin of(Segment[] segments, long logStart, long deletedTo) {
        return segments.length == 0 || segments[0].baseOffset() > logStart
                ? new LogBegin(logStart, deletedTo)
                : new LogBegin(segments[0].baseOffset(), segments[0].firstSequenceNr() - 1);
    }
}
