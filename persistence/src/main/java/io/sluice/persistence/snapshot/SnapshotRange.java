package io.sluice.persistence.snapshot;

/**
 * Which snapshots are meant. All bounds are inclusive.
 *
 * @param minSequenceNr least sequence number
 * @param maxSequenceNr greatest sequence number
 * @param minTimestamp earliest time of saving, ms since the epoch
 * @param maxTimestamp latest time of saving, ms since the epoch
 */
public record SnapshotRange(long minSequenceNr, long maxSequenceNr, long minTimestamp, long maxTimestamp) {

    /** Any snapshot. */
    public static final SnapshotRange ALL = new SnapshotRange(0, Long.MAX_VALUE, 0, Long.MAX_VALUE);

    /** Whether a snapshot is meant. */
    public boolean contains(SnapshotName name) {
        return name.sequenceNr() >= minSequenceNr && name.sequenceNr() <= maxSequenceNr
                && name.timestamp() >= minTimestamp && name.timestamp() <= maxTimestamp;
    }

    /** Those of this range that hold more events than {@code sequenceNr}. */
    public SnapshotRange after(long sequenceNr) {
        return sequenceNr < minSequenceNr
                ? this
                : new SnapshotRange(Math.addExact(sequenceNr, 1), maxSequenceNr, minTimestamp, maxTimestamp);
    }

    /** Whether no snapshot can be meant; the first event has sequence number 1. */
    public boolean isEmpty() {
        return Math.max(1, minSequenceNr) > maxSequenceNr || minTimestamp > maxTimestamp;
    }
}
