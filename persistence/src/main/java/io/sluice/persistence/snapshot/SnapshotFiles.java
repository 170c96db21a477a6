package io.sluice.persistence.snapshot;

import io.sluice.persistence.log.LogNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * The snapshot files below one directory, a directory per persistence id. A file appears under its name only when it is whole and synced.
 * Every method blocks; all may be called from any thread.
 */
public final class SnapshotFiles {
    private static final String TEMPORARY = ".tmp";

    /** Tells temporary files of this process from those a crash left behind. */
    private static final String INCARNATION = UUID.randomUUID().toString();

    private final Path root;
    private final int keepLast;

    /**
     * @param root the directory; made with the first snapshot
     * @param keepLast how many snapshots an id keeps; 0 for all
     */
    public SnapshotFiles(Path root, int keepLast) {
        this.root = root;
        this.keepLast = keepLast;
    }

    /** The directory of all snapshots in a data directory. */
    public static Path directory(Path data) {
        return data.resolve("snapshots");
    }

    /** The snapshots of an id, oldest first. */
    public List<SnapshotName> list(String persistenceId) throws IOException {
        List<SnapshotName> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(persistenceId))) {
            for (Path file : files) {
                SnapshotName name = SnapshotName.parse(file.getFileName().toString());
                if (name != null) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

    /** Where a snapshot is, whether it exists or not. */
    public Path file(String persistenceId, SnapshotName name) {
        return directory(persistenceId).resolve(name.fileName());
    }

    /**
     * Writes a snapshot, durably when this returns. Replaces one with the same sequence number, and deletes the oldest ones beyond the number to keep.
     */
    public void save(String persistenceId, SnapshotName name, ByteBuffer bytes) throws IOException {
        Path directory = directory(persistenceId);
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            sync(root);
            sync(root.getParent());
        }
        deleteLeftovers(directory);
        Path temporary = Files.createTempFile(directory, INCARNATION, TEMPORARY);
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file(persistenceId, name), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        sync(directory);
        deleteReplaced(persistenceId, name);
    }

    private void deleteReplaced(String persistenceId, SnapshotName saved) throws IOException {
        List<SnapshotName> others = new ArrayList<>(list(persistenceId));
        others.remove(saved);
        int tooMany = keepLast == 0 ? 0 : others.size() + 1 - keepLast;
        for (SnapshotName other : others) {
            if (tooMany-- > 0 || other.sequenceNr() == saved.sequenceNr()) {
                Files.deleteIfExists(file(persistenceId, other));
            }
        }
    }

    private void deleteLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + TEMPORARY)) {
            for (Path file : files) {
                if (!file.getFileName().toString().startsWith(INCARNATION)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Deletes a snapshot if it is there. */
    public void delete(String persistenceId, SnapshotName name) throws IOException {
        if (Files.deleteIfExists(file(persistenceId, name))) {
            sync(directory(persistenceId));
        }
    }

    /** Deletes the snapshots of an id that are in a range. */
    public void delete(String persistenceId, SnapshotRange range) throws IOException {
        for (SnapshotName name : list(persistenceId)) {
            if (range.contains(name)) {
                delete(persistenceId, name);
            }
        }
    }

    /** Deletes all snapshots of an id, and its directory. */
    public void deleteAll(String persistenceId) throws IOException {
        Path directory = directory(persistenceId);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(directory);
        sync(root);
    }

    private Path directory(String persistenceId) {
        return root.resolve(LogNames.directoryName(persistenceId));
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
