package io.sluice.persistence.log;

import java.util.Arrays;
import java.util.Optional;

/**
 * Which leader epoch began at which offset (KIP-101), epochs and offsets ascending. An epoch ends where the next one begins, the last one at the
 * log's end. Immutable.
 */
public final class EpochHistory {
    /** Of a log in which nothing was ever appended. */
    public static final EpochHistory EMPTY = new EpochHistory(new int[0], new long[0]);

    private final int[] epochs;
    private final long[] starts;

    private EpochHistory(int[] epochs, long[] starts) {
        this.epochs = epochs;
        this.starts = starts;
    }

    /**
     * The history of {@code epochs[i]} beginning at {@code starts[i]}; the arrays are copied.
     *
     * @throws IllegalArgumentException if the arrays differ in length, the epochs do not ascend or the starts descend
     */
    public static EpochHistory of(int[] epochs, long[] starts) {
        if (epochs.length != starts.length) {
            throw new IllegalArgumentException(epochs.length + " epochs with " + starts.length + " starts");
        }
        for (int i = 0; i < epochs.length; i++) {
            if (i == 0 ? epochs[0] < 0 || starts[0] < 0 : epochs[i] <= epochs[i - 1] || starts[i] < starts[i - 1]) {
                throw new IllegalArgumentException(
                        "not ascending: epochs " + Arrays.toString(epochs) + " from " + Arrays.toString(starts));
            }
        }
        return epochs.length == 0 ? EMPTY : new EpochHistory(epochs.clone(), starts.clone());
    }

    /** How many epochs there are. */
    public int count() {
        return epochs.length;
    }

    /** The {@code i}-th epoch, from 0. */
    public int epoch(int i) {
        return epochs[i];
    }

    /** The offset at which the {@code i}-th epoch begins. */
    public long start(int i) {
        return starts[i];
    }

    /** Epoch of the last batch, -1 if none. */
    public int latest() {
        return epochs.length == 0 ? -1 : epochs[epochs.length - 1];
    }

    /** The epoch that owns an offset, -1 if none does. */
    public int epochAt(long offset) {
        int i = indexAt(offset);
        return i < 0 ? -1 : epochs[i];
    }

    private int indexAt(long offset) {
        int at = Arrays.binarySearch(starts, offset);
        return at >= 0 ? at : -at - 2;
    }

    /** The history with one more epoch, higher than the others, that begins at an offset. */
    public EpochHistory with(int epoch, long start) {
        int n = epochs.length;
        int[] e = Arrays.copyOf(epochs, n + 1);
        long[] s = Arrays.copyOf(starts, n + 1);
        e[n] = epoch;
        s[n] = start;
        return new EpochHistory(e, s);
    }

    /** The history of the log cut at an offset: epochs that begin there or later appended nothing. */
    public EpochHistory cutAt(long endOffset) {
        int n = epochs.length;
        while (n > 0 && starts[n - 1] >= endOffset) {
            n--;
        }
        return n == epochs.length ? this : new EpochHistory(Arrays.copyOf(epochs, n), Arrays.copyOf(starts, n));
    }

    /** The history without the epochs that ended at or before the log start. */
    public EpochHistory from(long logStart) {
        int first = 0;
        while (first + 1 < starts.length && starts[first + 1] <= logStart) {
            first++;
        }
        int n = epochs.length;
        return first == 0
                ? this
                : new EpochHistory(Arrays.copyOfRange(epochs, first, n), Arrays.copyOfRange(starts, first, n));
    }

    /**
     * Where two logs begin to differ, as far as epochs tell: the end of the longest prefix whose last entry has the same epoch in both. Two logs
     * that have an entry of the same epoch at the same offset are equal up to there.
     *
     * @param end end of the log that this history describes
     * @param other history of the other log
     * @param otherEnd end of the other log
     * @return 0 if no entry is known to both to be of the same epoch
     */
    public long commonEnd(long end, EpochHistory other, long otherEnd) {
        long common = Math.min(end, otherEnd);
        while (common > 0) {
            int mine = indexAt(common - 1);
            int theirs = other.indexAt(common - 1);
            if (mine < 0 || theirs < 0) {
                return 0;
            }
            if (epochs[mine] == other.epochs[theirs]) {
                return common;
            }
            common = Math.max(starts[mine], other.starts[theirs]);
        }
        return 0;
    }

    /** Where an epoch ended, as {@link LogView#endOf} says, in a log that ends at {@code logEnd}. */
    public Optional<LogView.EpochEnd> endOf(int leaderEpoch, long logEnd) {
        int at = Arrays.binarySearch(epochs, leaderEpoch);
        int i = at >= 0 ? at : -at - 2;
        if (i < 0) {
            return Optional.empty();
        }
        return Optional.of(new LogView.EpochEnd(epochs[i], i + 1 < starts.length ? starts[i + 1] : logEnd));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof EpochHistory other && Arrays.equals(epochs, other.epochs)
                && Arrays.equals(starts, other.starts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(epochs) + Arrays.hashCode(starts);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < epochs.length; i++) {
            text.append(i == 0 ? "" : ", ").append(epochs[i]).append('@').append(starts[i]);
        }
        return text.append(']').toString();
    }
}
