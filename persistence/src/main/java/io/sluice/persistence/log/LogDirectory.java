package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The directory of one log: {@code log.meta} says whose it is, {@code epochs} and {@code checkpoint} are small state, the rest are segments and
 * their indexes.
 */
record LogDirectory(Path path, String persistenceId) {
    static final String META = "log.meta";
    private static final String FORMAT = "1";

    /** What the log holds, or null if it has no files. Fails if the directory belongs to another id. */
    EntryBatch.Kind readMeta() throws IOException {
        String text = DurableFiles.read(path.resolve(META));
        if (text == null) {
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
        return EntryBatch.Kind.valueOf(values.get("kind"));
    }

    /** Makes the directory of a log that had none. */
    void create(EntryBatch.Kind kind) throws IOException {
        Files.createDirectories(path);
        DurableFiles.write(path.resolve(META),
                "format=" + FORMAT + "\nid=" + LogNames.encode(persistenceId) + "\nkind=" + kind + "\n");
        DurableFiles.syncDirectory(path.getParent());
    }

    Path epochs() {
        return path.resolve("epochs");
    }

    Path checkpoint() {
        return path.resolve("checkpoint");
    }

    /** The segments on disk, by base offset. */
    List<SegmentName> segments() throws IOException {
        List<SegmentName> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.log")) {
            for (Path file : files) {
                SegmentName name = SegmentName.parse(file.getFileName().toString());
                if (name != null) {
                    names.add(name);
                }
            }
        }
        names.sort(Comparator.comparingLong(SegmentName::baseOffset));
        return names;
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
