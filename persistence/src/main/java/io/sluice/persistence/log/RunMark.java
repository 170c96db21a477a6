package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * Tells whether the machine went down while a store was running: {@code running} has the kernel's boot id at the last start, and
 * {@code stopped} is there only after a clean stop. Bytes in the page cache survive the death of the process, but not that of the machine.
 *
 * <p>Each such power loss gets an id, which a log compares with the one that it was last known to be whole after.
 */
final class RunMark {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String UNKNOWN = "unknown";

    private final Path stopped;
    private final String bootId;
    private final boolean lostPower;
    private final UUID loss;

    private RunMark(Path stopped, String bootId, boolean lostPower, UUID loss) {
        this.stopped = stopped;
        this.bootId = bootId;
        this.lostPower = lostPower;
        this.loss = loss;
    }

    /** Notes that a store runs in a directory, which is new or was used before. */
    static RunMark begin(Path root, boolean isNew) throws IOException {
        return begin(root, isNew, Files.isReadable(BOOT_ID) ? Files.readString(BOOT_ID).trim() : UNKNOWN);
    }

    static RunMark begin(Path root, boolean isNew, String bootId) throws IOException {
        Path running = root.resolve("running");
        Path stopped = root.resolve("stopped");
        Map<String, String> before = read(running);
        boolean sameBoot = !UNKNOWN.equals(bootId) && bootId.equals(before.get("boot-id"));
        boolean lostPower = !isNew && !sameBoot && (before.isEmpty() || !Files.exists(stopped));
        String known = before.get("loss");
        UUID loss = lostPower || known == null ? UUID.randomUUID() : UUID.fromString(known);
        // before the other mark goes: a crash in between is no unclean stop
        DurableFiles.write(running, "boot-id=" + bootId + "\nloss=" + loss + "\n");
        Files.deleteIfExists(stopped);
        return new RunMark(stopped, bootId, lostPower, loss);
    }

    /** What the file says, nothing if it is missing or damaged: then nobody knows, which is taken for a loss. */
    private static Map<String, String> read(Path running) {
        try {
            String text = DurableFiles.read(running);
            return text == null ? Map.of() : DurableFiles.keyValues(text);
        } catch (IOException e) {
            return Map.of();
        }
    }

    /** Whether the machine went down between the last run and this one, so that writes which were not flushed may be lost. */
    boolean lostPower() {
        return lostPower;
    }

    /** The id of the last power loss; made up if there was none yet. The same until the next one. */
    UUID loss() {
        return loss;
    }

    /** Notes that everything was flushed. */
    void stop() throws IOException {
        DurableFiles.write(stopped, "boot-id=" + bootId + "\n");
    }
}
