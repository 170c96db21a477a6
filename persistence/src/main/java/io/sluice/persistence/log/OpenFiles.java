package io.sluice.persistence.log;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the files that the logs of a store hold open, and says when they are too many: a process has a limit, and its connections live off the
 * same. Who opens one too many closes those of the logs that were not used for longest; they open again on use. The bound is soft: files that are held
 * stay open. Safe for any thread.
 */
final class OpenFiles {
    /** For logs of which few are open at once, as in a tool. */
    static final OpenFiles UNBOUNDED = new OpenFiles(Integer.MAX_VALUE, () -> {
    });

    /** What is taken for the process's limit where the system does not tell. */
    private static final int USUAL_LIMIT = 1024;

    private final int bound;
    private final Runnable crowded;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param bound how many files are not too many
     * @param crowded called at each opening beyond that, on the thread that opens, which holds no lock
     */
    OpenFiles(int bound, Runnable crowded) {
        this.bound = bound;
        this.crowded = crowded;
    }

    /** Half of what this process may have open: the other half is for connections and what opens for a moment. */
    static int halfOfLimit() {
        long limit = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : USUAL_LIMIT;
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, limit / 2));
    }

    /** A counter for one log. */
    OfLog ofLog() {
        return new OfLog();
    }

    /** How many are open. */
    int count() {
        return open.get();
    }

    /**
     * Which logs must close their files now: those not used for longest, and so many that a quarter of the bound is free again; none if there are
     * not too many open.
     */
    List<FileLog> tooMany(Collection<FileLog> logs) {
        int excess = open.get() - bound;
        if (excess <= 0) {
            return List.of();
        }
        record Use(FileLog log, long last) {} // it must not change while it is sorted by
        List<Use> byUse = new ArrayList<>();
        for (FileLog log : logs) {
            if (log.directory().files().count() > 0) {
                byUse.add(new Use(log, log.lastUsed()));
            }
        }
        byUse.sort(Comparator.comparingLong(Use::last));
        List<FileLog> chosen = new ArrayList<>();
        int freed = 0;
        for (Use use : byUse) {
            if (freed >= excess + bound / 4) {
                break;
            }
            chosen.add(use.log());
            freed += use.log().directory().files().count();
        }
        return chosen;
    }

    /** The open files of one log. */
    final class OfLog {
        private final AtomicInteger mine = new AtomicInteger();

        /** Notes that a file was opened. */
        void opened() {
            mine.incrementAndGet();
            if (open.incrementAndGet() > bound) {
                crowded.run();
            }
        }

        /** Notes that it was closed. */
        void closed() {
            mine.decrementAndGet();
            open.decrementAndGet();
        }

        int count() {
            return mine.get();
        }
    }
}
