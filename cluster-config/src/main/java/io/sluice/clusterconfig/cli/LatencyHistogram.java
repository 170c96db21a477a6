package io.sluice.clusterconfig.cli;

/** Counts durations in buckets that are about 3 % wide, so that percentiles of any number of them cost a fixed amount of memory. For one thread at a time. */
final class LatencyHistogram {
    private static final int PRECISION_BITS = 5;
    private static final int SUB_BUCKETS = 1 << PRECISION_BITS;

    private final long[] counts = new long[Long.SIZE * SUB_BUCKETS];
    private long total;
    private long largest;

    /** Counts a duration of so many microseconds, at least 0. */
    void add(long micros) {
        counts[bucket(micros)]++;
        total++;
        largest = Math.max(largest, micros);
    }

    /**
     * The duration that this share of all is not longer than, in microseconds; 0 if there are none.
     *
     * @param share from 0 to 1
     */
    long percentile(double share) {
        long wanted = Math.max(1, (long) Math.ceil(total * share));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.min(end(i), largest);
            }
        }
        return 0;
    }

    /** The longest, in microseconds. */
    long largest() {
        return largest;
    }

    private static int bucket(long micros) {
        if (micros < SUB_BUCKETS) {
            return (int) micros;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - PRECISION_BITS;
        return (shift + 1) * SUB_BUCKETS + (int) (micros >> shift) - SUB_BUCKETS;
    }

    /** The largest duration that a bucket counts. */
    private static long end(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        int shift = bucket / SUB_BUCKETS - 1;
        return ((long) (bucket % SUB_BUCKETS + SUB_BUCKETS + 1) << shift) - 1;
    }
}
