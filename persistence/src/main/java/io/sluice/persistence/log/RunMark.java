package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Tells whether the machine may have gone down while a store was running: {@code running} has the kernel's boot id at the last start, and
 * {@code stopped} is there only after a clean stop. Bytes in the page cache survive the death of the process, but not that of the machine.
 */
final class RunMark {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String UNKNOWN = "unknown";

    private final Path running;
    private final Path stopped;
    private final String bootId;
    private volatile boolean mayHaveLost;

    private RunMark(Path root, String bootId) {
        this.running = root.resolve("running");
        this.stopped = root.resolve("stopped");
        this.bootId = bootId;
    }

    /** Notes that a store runs in a directory, which is new or was used before. */
    static RunMark begin(Path root, boolean isNew) throws IOException {
        return begin(root, isNew, Files.isReadable(BOOT_ID) ? Files.readString(BOOT_ID).trim() : UNKNOWN);
    }

    static RunMark begin(Path root, boolean isNew, String bootId) throws IOException {
        RunMark mark = new RunMark(root, bootId);
        mark.mayHaveLost = !isNew && mark.lostBefore();
        mark.write(); // before the other mark goes: a crash in between is no unclean stop
        Files.deleteIfExists(mark.stopped);
        return mark;
    }

    private boolean lostBefore() {
        boolean clean = Files.exists(stopped);
        Map<String, String> before;
        try {
            String text = DurableFiles.read(running);
            before = text == null ? Map.of() : DurableFiles.keyValues(text);
        } catch (IOException e) {
            return true; // who knows
        }
        boolean sameBoot = !UNKNOWN.equals(bootId) && bootId.equals(before.get("boot-id"));
        return "yes".equals(before.get("may-have-lost-writes")) || (!clean && !sameBoot);
    }

    private void write() throws IOException {
        DurableFiles.write(running,
                "boot-id=" + bootId + "\nmay-have-lost-writes=" + (mayHaveLost ? "yes" : "no") + "\n");
    }

    /** Whether writes that no flush had put on stable storage may be lost; stays so over restarts until {@link #settle}. */
    boolean mayHaveLostWrites() {
        return mayHaveLost;
    }

    /** Notes that whoever had to know of lost writes has done what there was to do. */
    synchronized void settle() throws IOException {
        mayHaveLost = false;
        write();
    }

    /** Notes that everything was flushed. */
    void stop() throws IOException {
        DurableFiles.write(stopped, "boot-id=" + bootId + "\n");
    }
}
