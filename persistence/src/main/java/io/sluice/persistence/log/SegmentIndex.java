package io.sluice.persistence.log;

import java.util.Arrays;

/**
 * The sparse index of one segment: where batches begin, about one each {@code interval} bytes and always one at the first byte. One thread adds,
 * any number look up; a reader sees each entry whole or not at all.
 */
final class SegmentIndex {
    private static final int OFFSET = 0;
    private static final int SEQUENCE = 1;
    private static final int POSITION = 2;
    private static final int MAX_TIMESTAMP = 3;
    private static final int STRIDE = 4;

    private final int interval;
    private volatile long[] entries;
    private volatile int count;
    private volatile long maxTimestamp;

    SegmentIndex(int interval) {
        this(interval, new long[4 * STRIDE], 0, -1);
    }

    SegmentIndex(int interval, long[] entries, int count, long maxTimestamp) {
        this.interval = interval;
        this.entries = entries;
        this.count = count;
        this.maxTimestamp = maxTimestamp;
    }

    /** Notes a batch that follows everything noted before. */
    void add(long offset, long sequenceNr, long position, long batchMaxTimestamp) {
        int n = count;
        if (n == 0 || position - position(n - 1) >= interval) {
            addEntry(offset, sequenceNr, position);
        }
        if (batchMaxTimestamp > maxTimestamp) {
            maxTimestamp = batchMaxTimestamp;
        }
    }

    /** Notes where a batch begins, however near the last entry is. */
    void addEntry(long offset, long sequenceNr, long position) {
        int n = count;
        long[] e = entries;
        if ((n + 1) * STRIDE > e.length) {
            e = Arrays.copyOf(e, Math.max(4 * STRIDE, e.length * 2));
        }
        int at = n * STRIDE;
        e[at + OFFSET] = offset;
        e[at + SEQUENCE] = sequenceNr;
        e[at + POSITION] = position;
        e[at + MAX_TIMESTAMP] = maxTimestamp;
        entries = e;
        count = n + 1;
    }

    int count() {
        return count;
    }

    /** Largest timestamp of all batches noted, -1 if none. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    long offset(int i) {
        return entries[i * STRIDE + OFFSET];
    }

    long sequenceNr(int i) {
        return entries[i * STRIDE + SEQUENCE];
    }

    long position(int i) {
        return entries[i * STRIDE + POSITION];
    }

    /** Largest timestamp of the batches before the one at entry {@code i}. */
    long maxTimestampBefore(int i) {
        return entries[i * STRIDE + MAX_TIMESTAMP];
    }

    /** The last entry whose offset is at most {@code offset}, -1 if none. */
    int floorByOffset(long offset) {
        return floor(OFFSET, offset);
    }

    /** The last entry whose sequence number is at most {@code sequenceNr}, -1 if none. */
    int floorBySequenceNr(long sequenceNr) {
        return floor(SEQUENCE, sequenceNr);
    }

    /** The last entry whose position is at most {@code position}, -1 if none. */
    int floorByPosition(long position) {
        return floor(POSITION, position);
    }

    private int floor(int field, long value) {
        int high = count - 1;
        long[] e = entries;
        int low = 0;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (e[middle * STRIDE + field] <= value) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** The entries of the first {@code n}, four numbers each. */
    long[] copy(int n) {
        return Arrays.copyOf(entries, n * STRIDE);
    }

    /** The index of the part before a position, in which the largest timestamp is {@code largest}. */
    SegmentIndex cutAt(long position, long largest) {
        int n = floorByPosition(position - 1) + 1;
        return new SegmentIndex(interval, copy(n), n, largest);
    }

    /** The index of the part before an entry, to go on from there. */
    SegmentIndex before(int entry) {
        long max = entry == 0 ? -1 : maxTimestampBefore(entry);
        return new SegmentIndex(interval, copy(entry), entry, max);
    }
}
