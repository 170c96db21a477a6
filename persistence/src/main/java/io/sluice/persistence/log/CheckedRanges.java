package io.sluice.persistence.log;

import java.util.Arrays;

/**
 * Which bytes of a segment this process wrote or has checked. Ranges begin and end on batch borders; neighbours are merged, so a segment read
 * from one end to the other is one range. Lookups take no lock.
 */
final class CheckedRanges {
    /** Pairs of begin (inclusive) and end (exclusive), ascending, never touching. */
    private volatile long[] ranges = {};

    /** Where the range that holds {@code position} ends; {@code position} itself if none does. */
    long endOf(long position) {
        long[] r = ranges;
        int low = 0;
        int high = r.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (r[2 * middle] <= position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high >= 0 && position < r[2 * high + 1] ? r[2 * high + 1] : position;
    }

    /** Adds the ranges of another before a position. */
    void addBefore(long position, CheckedRanges other) {
        long[] r = other.ranges;
        for (int i = 0; i < r.length; i += 2) {
            add(Math.min(r[i], position), Math.min(r[i + 1], position));
        }
    }

    /** Adds a range. */
    synchronized void add(long begin, long end) {
        if (begin >= end) {
            return;
        }
        long[] old = ranges;
        long[] merged = new long[old.length + 2];
        int n = 0;
        long b = begin;
        long e = end;
        int i = 0;
        while (i < old.length && old[i + 1] < b) {
            merged[n++] = old[i++];
            merged[n++] = old[i++];
        }
        while (i < old.length && old[i] <= e) {
            b = Math.min(b, old[i]);
            e = Math.max(e, old[i + 1]);
            i += 2;
        }
        merged[n++] = b;
        merged[n++] = e;
        while (i < old.length) {
            merged[n++] = old[i++];
        }
        ranges = Arrays.copyOf(merged, n);
    }
}
