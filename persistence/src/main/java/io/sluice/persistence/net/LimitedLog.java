package io.sluice.persistence.net;

import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Logs what any stranger can cause, so that no stranger can fill the disk: a few lines a second, and how many were left out. */
public final class LimitedLog {
    static final int LINES_PER_SECOND = 10;
    private static final long SECOND = 1_000_000_000L;

    private final Logger log;
    private final LongSupplier nanoClock;
    private long secondBegan;
    private int lines;
    private long leftOut;

    /** @param nanoClock nanoseconds from any origin, such as {@link System#nanoTime} */
    public LimitedLog(Logger log, LongSupplier nanoClock) {
        this.log = log;
        this.nanoClock = nanoClock;
        this.secondBegan = nanoClock.getAsLong();
    }

    /** Logs a warning, or counts it. Safe for any thread. */
    public synchronized void warn(String format, Object first, Object second) {
        long now = nanoClock.getAsLong();
        if (now - secondBegan >= SECOND) {
            secondBegan = now;
            lines = 0;
            if (leftOut > 0) {
                log.warn("{} more lines like the following were left out", leftOut);
                leftOut = 0;
            }
        }
        if (lines < LINES_PER_SECOND) {
            lines++;
            log.warn(format, first, second);
        } else {
            leftOut++;
        }
    }
}
