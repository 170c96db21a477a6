package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.Files;

/** Which closed segments retention by size and time deletes: always the oldest ones, without a gap. */
final class Retention {
    private Retention() {
    }

    /**
     * How many segments may go.
     *
     * @param lastIsOpen whether the last segment still takes appends and so must stay
     * @param size bytes of all segments
     * @param oldest segments whose time is below this go, in ms
     */
    static int countExpired(FileLog log, Segment[] segments, boolean lastIsOpen, long size, LogConfig config,
            long oldest) throws IOException {
        int closed = lastIsOpen ? segments.length - 1 : segments.length;
        long left = size;
        int n = 0;
        while (n < closed) {
            Segment s = segments[n];
            boolean tooMuch = config.retentionBytes() >= 0 && left - s.size() >= config.retentionBytes();
            if (!tooMuch && (oldest == Long.MIN_VALUE || timeOf(s, maxTimestamp(log, s)) >= oldest)) {
                break;
            }
            left -= s.size();
            n++;
        }
        return n;
    }

    /** The largest timestamp of a closed segment, -1 if no record has any; may read the disk. */
    static long maxTimestamp(FileLog log, Segment s) throws IOException {
        if (s.maxTimestamp() == Long.MIN_VALUE) {
            log.indexOf(s, s.size());
            s.index(null); // nobody else needed it until now
        }
        return s.maxTimestamp();
    }

    /** The time of a segment: its largest timestamp, or that of the file if no record has any. */
    static long timeOf(Segment s, long maxTimestamp) throws IOException {
        return maxTimestamp >= 0 ? maxTimestamp : Files.getLastModifiedTime(s.file()).toMillis();
    }
}
