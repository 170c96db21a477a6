package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The directory of one log: {@code log.meta} says whose it is, {@code epochs} and {@code checkpoint} are small state, the rest are segments and
 * their indexes.
 *
 * @param files counts those of its files that stay open
 */
record LogDirectory(Path path, String persistenceId, OpenFiles.OfLog files) {
    static final String META = "log.meta";
    private static final String FORMAT = "1";

    /** For who opens few logs at once. */
    LogDirectory(Path path, String persistenceId) {
        this(path, persistenceId, OpenFiles.UNBOUNDED.ofLog());
    }

    /** The same directory, its open files counted among others. */
    LogDirectory countedBy(OpenFiles openFiles) {
        return new LogDirectory(path, persistenceId, openFiles.ofLog());
    }

    /** What the log is, or null if it has no files. Fails if the directory belongs to another id or is not whole. */
    LogMeta readMeta() throws IOException {
        String text = DurableFiles.read(path.resolve(META));
        if (text == null) {
            if (Files.exists(path) && !isUnwritten()) {
                throw new IOException(
                        "log " + path + " has no file " + META + ": restore it or move the directory away");
            }
            return null;
        }
        Map<String, String> values = DurableFiles.keyValues(text);
        if (!FORMAT.equals(values.get("format"))) {
            throw new IOException("log " + path + " has format " + values.get("format") + ", this version reads "
                    + FORMAT + ": start the version that wrote it");
        }
        if (!LogNames.encode(persistenceId).equals(values.get("id"))) {
            throw new IOException("log " + path + " belongs to the id " + values.get("id") + ", not to "
                    + LogNames.encode(persistenceId) + ": move the directory away");
        }
        String kind = values.get("kind");
        return new LogMeta(kind == null ? null : EntryBatch.Kind.valueOf(kind), "yes".equals(values.get("replicated")));
    }

    /** Whether nothing was promised or appended here yet: its making was interrupted. */
    private boolean isUnwritten() throws IOException {
        EpochsFile epochs = EpochsFile.read(epochs());
        return segments().isEmpty() && (epochs == null || epochs.equals(EpochsFile.NONE));
    }

    /** Makes the directory if need be, and notes what the log is. */
    void create(LogMeta meta) throws IOException {
        Files.createDirectories(path);
        DurableFiles.write(path.resolve(META),
                "format=" + FORMAT + "\nid=" + LogNames.encode(persistenceId) + "\n"
                        + (meta.kind() == null ? "" : "kind=" + meta.kind() + "\n")
                        + (meta.replicated() ? "replicated=yes\n" : ""));
        DurableFiles.syncDirectory(path.getParent());
    }

    /** Notes that the log is one copy of several. Its promises have a file before: where that is missing later, they were lost. */
    void markReplicated() throws IOException {
        LogMeta meta = readMeta();
        if (meta == null) {
            Files.createDirectories(path);
            EpochsFile.NONE.write(epochs());
            create(new LogMeta(null, true));
        } else if (!meta.replicated()) {
            create(new LogMeta(meta.kind(), true));
        }
    }

    Path epochs() {
        return path.resolve("epochs");
    }

    Path checkpoint() {
        return path.resolve("checkpoint");
    }

    /** The segments on disk, by base offset; without what compaction has replaced. */
    List<SegmentName> segments() throws IOException {
        return SegmentName.current(allSegments());
    }

    private List<SegmentName> allSegments() throws IOException {
        List<SegmentName> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.log")) {
            for (Path file : files) {
                SegmentName name = SegmentName.parse(file.getFileName().toString());
                if (name != null) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** Deletes what a crash has left of a compaction: a segment that was not whole yet, segments that it has replaced, indexes of either. */
    void removeLeftovers() throws IOException {
        Set<String> kept = new HashSet<>();
        for (SegmentName name : segments()) {
            kept.add(name.logFile());
            kept.add(name.indexFile());
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.{log,index,cleaned}")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean isSegment = name.endsWith(".log") && SegmentName.parse(name) != null;
                if ((isSegment || !name.endsWith(".log")) && !kept.contains(name)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Bytes of all segments on disk. */
    long sizeInBytes() throws IOException {
        long size = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.log")) {
            for (Path file : files) {
                size += sizeOf(file);
            }
        } catch (NoSuchFileException e) {
            return 0;
        }
        return size;
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0; // retention was faster
        }
    }
}
