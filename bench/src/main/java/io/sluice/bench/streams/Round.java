package io.sluice.bench.streams;

import java.util.Locale;

/**
 * What was read in a round.
 *
 * @param records number of records
 * @param bytes of their values
 * @param nanos from the first record to the last
 */
record Round(long records, long bytes, long nanos) {

    /** Counts records as they come, on one thread. */
    static final class Counter {
        private final long wanted;
        private long records;
        private long bytes;
        private long begun;

        Counter(long wanted) {
            this.wanted = wanted;
        }

        /** Counts one; whether it was the last. */
        boolean count(byte[] value) {
            if (records == 0) {
                begun = System.nanoTime();
            }
            bytes += value.length;
            return ++records == wanted;
        }

        Round round() {
            return new Round(records, bytes, System.nanoTime() - begun);
        }
    }

    double recordsPerSecond() {
        return records * 1e9 / nanos;
    }

    String text() {
        return String.format(Locale.ROOT, "%d %d %d", records, bytes, nanos);
    }

    static Round parse(String text) {
        String[] parts = text.split(" ", 0);
        return new Round(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
