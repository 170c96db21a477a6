package io.sluice.clusterconfig.cli;

import java.time.Duration;
import java.util.Locale;

/** So many records and bytes in so much time, in words. */
record Rate(long records, long bytes, Duration time) {
    private static final double MEGA = 1e6;

    double recordsPerSecond() {
        return records / seconds();
    }

    /** In MB (10⁶ bytes) per second. */
    double megabytesPerSecond() {
        return bytes / MEGA / seconds();
    }

    private double seconds() {
        return Math.max(time.toNanos(), 1) / 1e9;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d record(s), %d bytes in %.2f s (%.0f records/s, %.2f MB/s)", records,
                bytes,
                seconds(), recordsPerSecond(), megabytesPerSecond());
    }
}
