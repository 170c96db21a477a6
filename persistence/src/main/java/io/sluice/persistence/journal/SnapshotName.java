package io.sluice.persistence.journal;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/**
 * The name of a snapshot's file, which says all that selection needs. The natural order is from old to new.
 *
 * @param sequenceNr sequence number of the last event in the snapshot
 * @param timestamp when it was saved, ms since the epoch
 */
record SnapshotName(long sequenceNr, long timestamp) implements Comparable<SnapshotName> {
    private static final Pattern FILE = Pattern.compile("(\\d{1,19})-(\\d{1,19})\\.snapshot");
    private static final Comparator<SnapshotName> OLD_TO_NEW = Comparator.comparingLong(SnapshotName::sequenceNr)
            .thenComparingLong(SnapshotName::timestamp);

    static SnapshotName of(SnapshotMetadata metadata) {
        return new SnapshotName(metadata.sequenceNr(), metadata.timestamp());
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

    String fileName() {
        return sequenceNr + "-" + timestamp + ".snapshot";
    }

    boolean matches(SnapshotSelectionCriteria criteria) {
        return sequenceNr >= criteria.minSequenceNr() && sequenceNr <= criteria.maxSequenceNr()
                && timestamp >= criteria.minTimestamp() && timestamp <= criteria.maxTimestamp();
    }

    @Override
    public int compareTo(SnapshotName other) {
        return OLD_TO_NEW.compare(this, other);
    }
}
