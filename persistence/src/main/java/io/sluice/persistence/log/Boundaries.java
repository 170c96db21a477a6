package io.sluice.persistence.log;

import java.util.Arrays;

/** The latest batch boundaries of a log, ascending; the oldest go when there are too many. For the log's writer alone. */
final class Boundaries {
    static final int MOST = 4096;
    private static final int FIRST_CAPACITY = 16;

    private Segment[] segments = new Segment[FIRST_CAPACITY];
    /** Position, offset, sequence number and largest timestamp of each. */
    private long[] numbers = new long[FIRST_CAPACITY * 4];
    private int first;
    private int count;

    /** Adds one behind the others; whether the oldest had to go for it. */
    boolean add(Segment segment, long position, long offset, long sequenceNr, long maxTimestamp) {
        boolean full = count == MOST;
        if (full) {
            removeFirst(1);
        } else if (count == segments.length) {
            grow();
        }
        int slot = slot(count++);
        segments[slot] = segment;
        numbers[4 * slot] = position;
        numbers[4 * slot + 1] = offset;
        numbers[4 * slot + 2] = sequenceNr;
        numbers[4 * slot + 3] = maxTimestamp;
        return full;
    }

    private void grow() {
        int n = segments.length;
        Segment[] s = new Segment[2 * n];
        long[] all = new long[8 * n];
        for (int i = 0; i < count; i++) {
            s[i] = segments[slot(i)];
            System.arraycopy(numbers, 4 * slot(i), all, 4 * i, 4);
        }
        segments = s;
        numbers = all;
        first = 0;
    }

    private int slot(int i) {
        return (first + i) & (segments.length - 1);
    }

    /** The last one whose offset is at most {@code offset}, -1 if there is none. */
    int floor(long offset) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (numbers[4 * slot(middle) + 1] <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    BatchBoundary get(int i) {
        int slot = slot(i);
        return new BatchBoundary(segments[slot], numbers[4 * slot], numbers[4 * slot + 1], numbers[4 * slot + 2],
                numbers[4 * slot + 3]);
    }

    /** Forgets the first {@code n}. */
    void removeFirst(int n) {
        for (int i = 0; i < n; i++) {
            segments[slot(i)] = null;
        }
        first = slot(n);
        count -= n;
    }

    void clear() {
        Arrays.fill(segments, null);
        first = 0;
        count = 0;
    }

    int count() {
        return count;
    }
}
