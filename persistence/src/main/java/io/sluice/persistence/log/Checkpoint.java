package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What recovery may rely on. Everything below the recovery point is on stable storage.
 *
 * @param recoverySegment base offset of the segment that holds the recovery point
 * @param recoveryPosition the recovery point's position in that segment
 * @param logStartOffset the log start that DeleteRecords or retention set
 * @param deletedTo highest deleted sequence number
 * @param endOffset log end when the checkpoint was made; holds even if every segment is gone
 * @param highestSequenceNr highest sequence number at that time
 */
record Checkpoint(long recoverySegment, long recoveryPosition, long logStartOffset, long deletedTo, long endOffset,
        long highestSequenceNr) {

    static final Checkpoint NONE = new Checkpoint(0, 0, 0, 0, 0, 0);

    /** The file's content; {@link #NONE} if there is none. */
    static Checkpoint read(Path file) throws IOException {
        String text = DurableFiles.read(file);
        if (text == null) {
            return NONE;
        }
        Map<String, String> v = DurableFiles.keyValues(text);
        return new Checkpoint(number(v, "recovery-segment"), number(v, "recovery-position"),
                number(v, "log-start-offset"), number(v, "deleted-to"), number(v, "end-offset"),
                number(v, "highest-sequence-nr"));
    }

    private static long number(Map<String, String> values, String key) throws IOException {
        try {
            return Long.parseLong(values.getOrDefault(key, ""));
        } catch (NumberFormatException e) {
            throw new IOException("checkpoint without " + key, e);
        }
    }

    void write(Path file) throws IOException {
        DurableFiles.write(file,
                "recovery-segment=" + recoverySegment + "\nrecovery-position=" + recoveryPosition
                        + "\nlog-start-offset=" + logStartOffset + "\ndeleted-to=" + deletedTo + "\nend-offset="
                        + endOffset + "\nhighest-sequence-nr=" + highestSequenceNr + "\n");
    }

    /** What may be relied on once the log ends at a place that lies in a segment. */
    Checkpoint cutAt(long segment, long position, long cutOffset, long cutSequenceNr) {
        boolean below = recoverySegment < segment || (recoverySegment == segment && recoveryPosition <= position);
        return new Checkpoint(below ? recoverySegment : segment, below ? recoveryPosition : position, logStartOffset,
                deletedTo, Math.min(endOffset, cutOffset), Math.min(highestSequenceNr, cutSequenceNr));
    }

    /** The later of both in every respect. */
    Checkpoint max(Checkpoint o) {
        boolean mine = recoverySegment > o.recoverySegment
                || (recoverySegment == o.recoverySegment && recoveryPosition >= o.recoveryPosition);
        return new Checkpoint(mine ? recoverySegment : o.recoverySegment, mine ? recoveryPosition : o.recoveryPosition,
                Math.max(logStartOffset, o.logStartOffset), Math.max(deletedTo, o.deletedTo),
                Math.max(endOffset, o.endOffset), Math.max(highestSequenceNr, o.highestSequenceNr));
    }
}
