package io.sluice.clusterconfig.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far a command has come, on a line of a terminal that is written anew a few times a second and is gone in the end. Work that is done within
 * half a second shows none. For one thread.
 */
final class Progress implements AutoCloseable {

    /** Set by {@code bin/sluice} when standard error is a terminal, which Java 21 cannot tell. */
    private static final boolean TERMINAL = Boolean.getBoolean("sluice.terminal");
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int CELLS = 30;
    private static final String ERASE = "\r\033[K";
    private static final double NANOS = 1e9;

    private final PrintWriter terminal;
    private final String unit;
    private final long total;
    private final LongSupplier nanos;
    private final long begin;
    private long next;
    private boolean shown;

    /**
     * @param terminal where it is shown
     * @param unit what is counted
     * @param total how many there will be, at least 1
     * @param nanos a clock, as {@link System#nanoTime}
     */
    Progress(PrintWriter terminal, String unit, long total, LongSupplier nanos) {
        this.terminal = terminal;
        this.unit = unit;
        this.total = total;
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
        this.next = terminal == null ? Long.MAX_VALUE : begin + FIRST.toNanos();
    }

    /** One that is shown if standard error is a terminal and there is anything to do. */
    static Progress of(PrintWriter err, String unit, long total) {
        return new Progress(TERMINAL && total > 0 ? err : null, unit, total, System::nanoTime);
    }

    /** Tells how many are done. */
    void at(long done) {
        if (terminal == null) {
            return;
        }
        long now = nanos.getAsLong();
        if (now - next >= 0) {
            terminal.print(ERASE + line(done, (now - begin) / NANOS));
            terminal.flush();
            shown = true;
            next = now + INTERVAL.toNanos();
        }
    }

    private String line(long done, double seconds) {
        double part = Math.min(1, (double) done / total);
        int full = (int) (part * CELLS);
        String left = done == 0 ? "" : String.format(Locale.ROOT, ", %.0f s left", seconds * (1 - part) / part);
        return String.format(Locale.ROOT, "%3d%% [%s%s] %d/%d %s, %.0f/s%s", (int) (part * 100), "#".repeat(full),
                ".".repeat(CELLS - full), done, total, unit, done / seconds, left);
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (shown) {
            terminal.print(ERASE);
            terminal.flush();
        }
    }
}
