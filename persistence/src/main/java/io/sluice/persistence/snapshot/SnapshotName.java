package io.sluice.persistence.snapshot;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a snapshot's file, which says all that selection needs. The natural order is from old to new.
 *
 * @param sequenceNr sequence number of the last event in the snapshot, not negative
 * @param timestamp when it was saved, ms since the epoch, not negative
 */
public record SnapshotName(long sequenceNr, long timestamp) implements Comparable<SnapshotName> {
    private static final Pattern FILE = Pattern.compile("(\\d{1,19})-(\\d{1,19})\\.snapshot");
    private static final Comparator<SnapshotName> OLD_TO_NEW = Comparator.comparingLong(SnapshotName::sequenceNr)
            .thenComparingLong(SnapshotName::timestamp);

    public SnapshotName {
        if (sequenceNr < 0 || timestamp < 0) {
            throw new IllegalArgumentException(
                    "snapshot of sequence number " + sequenceNr + ", time " + timestamp + ", must not be negative");
        }
    }

    /** The name in a file name, or null if that is no snapshot's. */
    static SnapshotName parse(String fileName) {
        Matcher m = FILE.matcher(fileName);
        try {
            return m.matches() ? new SnapshotName(Long.parseLong(m.group(1)), Long.parseLong(m.group(2))) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Unique among the snapshots of one persistence id. */
    public String fileName() {
        return sequenceNr + "-" + timestamp + ".snapshot";
    }

    @Override
    public int compareTo(SnapshotName other) {
        return OLD_TO_NEW.compare(this, other);
    }
}
