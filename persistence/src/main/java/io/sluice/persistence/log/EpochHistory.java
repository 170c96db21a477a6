package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Which leader epoch began at which offset (KIP-101), and what this replica promised. Immutable. */
public final class EpochHistory {
    public static final EpochHistory EMPTY = new EpochHistory(new int[0], new long[0], -1, -1);

    /** Where the file was lost and any epoch may have been promised. */
    static final EpochHistory UNKNOWN = new EpochHistory(new int[0], new long[0], Integer.MAX_VALUE, -1);

    /** The history in which a lost promise is taken to be the last epoch that appended. */
    EpochHistory withKnownPromise() {
        return promised == Integer.MAX_VALUE ? new EpochHistory(epochs, starts, latest(), latest()) : this;
    }

    private final int[] epochs;
    private final long[] starts;
    private final int promised;
    private final int synced;

    private EpochHistory(int[] epochs, long[] starts, int promised, int synced) {
        this.epochs = epochs;
        this.starts = starts;
        this.promised = promised;
        this.synced = synced;
    }

    /** The highest epoch ever claimed, -1 if none. */
    int promised() {
        return promised;
    }

    /** The epoch whose leader's log this one was last made equal to, -1 if none. */
    int synced() {
        return synced;
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

    EpochHistory claimed(int epoch) {
        return new EpochHistory(epochs, starts, epoch, epoch);
    }

    /** The history with one more epoch that begins at an offset. */
    public EpochHistory with(int epoch, long start) {
        int n = epochs.length;
        int[] e = Arrays.copyOf(epochs, n + 1);
        long[] s = Arrays.copyOf(starts, n + 1);
        e[n] = epoch;
        s[n] = start;
        return new EpochHistory(e, s, Math.max(promised, epoch), synced);
    }

    /** The history of the log cut at an offset: epochs that begin there or later appended nothing. */
    public EpochHistory cutAt(long endOffset) {
        int n = epochs.length;
        while (n > 0 && starts[n - 1] >= endOffset) {
            n--;
        }
        return n == epochs.length
                ? this
                : new EpochHistory(Arrays.copyOf(epochs, n), Arrays.copyOf(starts, n), promised, synced);
    }

    /** The history without the epochs that ended at or before the log start. */
    EpochHistory from(long logStart) {
        int first = 0;
        while (first + 1 < starts.length && starts[first + 1] <= logStart) {
            first++;
        }
        int n = epochs.length;
        return first == 0
                ? this
                : new EpochHistory(Arrays.copyOfRange(epochs, first, n), Arrays.copyOfRange(starts, first, n),
                        promised, synced);
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

    /** Where an epoch ended, as {@link LogView#endOf} says. */
    Optional<LogView.EpochEnd> endOf(int leaderEpoch, long logEnd) {
        int at = Arrays.binarySearch(epochs, leaderEpoch);
        int i = at >= 0 ? at : -at - 2;
        if (i < 0) {
            return Optional.empty();
        }
        return Optional.of(new LogView.EpochEnd(epochs[i], i + 1 < starts.length ? starts[i + 1] : logEnd));
    }

    /** The file's content; null if there is none. */
    static EpochHistory read(Path file) throws IOException {
        String text = DurableFiles.read(file);
        if (text == null) {
            return null;
        }
        EpochHistory history = EMPTY;
        int promised = -1;
        int synced = -1;
        for (String line : text.lines().toList()) {
            String[] part = line.split("[= ]", 3);
            switch (part[0]) {
                case "promised" -> promised = Integer.parseInt(part[1]);
                case "synced" -> synced = Integer.parseInt(part[1]);
                case "epoch" -> history = history.with(Integer.parseInt(part[1]), Long.parseLong(part[2]));
                default -> throw new IOException("damaged file " + file + ": unknown line '" + part[0] + "'");
            }
        }
        return new EpochHistory(history.epochs, history.starts, promised, synced);
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("promised=").append(promised).append("\nsynced=").append(synced).append('\n');
        for (int i = 0; i < epochs.length; i++) {
            text.append("epoch=").append(epochs[i]).append(' ').append(starts[i]).append('\n');
        }
        DurableFiles.write(file, text.toString());
    }
}
