package io.sluice.persistence.log;

import io.sluice.persistence.log.DataDirectoryException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The data directory of a store: {@code lock} (held while the store is open), {@code format} (version of the layout), {@code running}
 * and {@code stopped} ({@link RunMark}) and {@code logs/}, one directory per log. A log being deleted is first renamed to a name that begins with
 * {@code ~}, which no id has, so a crash leaves it either whole or gone.
 */
final class DataDirectory implements AutoCloseable {
    private static final String FORMAT = "1";

    private final Path root;
    private final Path logs;
    private final FileChannel lockFile;
    private final AtomicLong graves = new AtomicLong();
    private RunMark runMark;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.logs = root.resolve("logs");
        this.lockFile = lockFile;
    }

    /** Makes, locks and checks the directory. */
    static DataDirectory open(Path root) {
        FileChannel lockFile;
        try {
            Files.createDirectories(root);
            lockFile = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unusable(root, e);
        }
        try {
            lock(root, lockFile);
            DataDirectory directory = new DataDirectory(root, lockFile);
            directory.checkFormat();
            return directory;
        } catch (IOException e) {
            closeQuietly(lockFile);
            throw new DataDirectoryException("data directory " + root + " cannot be used: " + e, e);
        } catch (RuntimeException e) {
            closeQuietly(lockFile);
            throw e;
        }
    }

    private static DataDirectoryException unusable(Path root, IOException cause) {
        for (Path place = root; place != null; place = place.getParent()) {
            if (Files.exists(place) && !Files.isDirectory(place)) {
                return new DataDirectoryException("data directory " + root + " cannot be made: " + place
                        + " is not a directory; choose another directory", cause);
            }
        }
        return new DataDirectoryException("data directory " + root + " is not writable (" + cause.getClass()
                .getSimpleName() + "): give the user that runs this process the right to write there, "
                + "or choose another directory", cause);
    }

    private static void lock(Path root, FileChannel lockFile) throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new DataDirectoryException(Kind.IN_USE, "data directory " + root
                    + " is in use by another node: stop that one or choose another directory", null);
        }
    }

    private void checkFormat() throws IOException {
        Path format = root.resolve("format");
        String text = DurableFiles.read(format);
        if (text == null) {
            if (Files.exists(logs)) {
                throw new DataDirectoryException("data directory " + root
                        + " has logs but no file 'format': restore that file or choose another directory", null);
            }
            Files.createDirectories(logs);
            DurableFiles.write(format, "format=" + FORMAT + "\n");
            runMark = RunMark.begin(root, true);
            return;
        }
        String version = DurableFiles.keyValues(text).get("format");
        if (!FORMAT.equals(version)) {
            throw new DataDirectoryException(Kind.OTHER_FORMAT, "data directory " + root + " has format " + version
                    + ", this version reads format " + FORMAT
                    + ": start the version that wrote it or choose another directory", null);
        }
        Files.createDirectories(logs);
        runMark = RunMark.begin(root, false);
        buryTheDead();
    }

    private void buryTheDead() throws IOException {
        try (DirectoryStream<Path> dead = Files.newDirectoryStream(logs, "~*")) {
            for (Path directory : dead) {
                deleteTree(directory);
            }
        }
    }

    Path root() {
        return root;
    }

    /** Where the log of an id lives, whether it exists or not. */
    LogDirectory log(String persistenceId) {
        return new LogDirectory(logs.resolve(LogNames.directoryName(persistenceId)), persistenceId);
    }

    /** The ids of all logs that have files. */
    Set<String> persistenceIds() {
        Set<String> ids = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(logs)) {
            for (Path directory : all) {
                String name = directory.getFileName().toString();
                Path meta = directory.resolve(LogDirectory.META);
                if (LogNames.isReversible(name)) {
                    if (Files.exists(meta)) {
                        ids.add(LogNames.decode(name));
                    }
                } else if (!name.startsWith("~")) {
                    String text = DurableFiles.read(meta);
                    if (text != null) {
                        Map<String, String> values = DurableFiles.keyValues(text);
                        ids.add(LogNames.decode(values.get("id")));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + logs, e);
        }
        return ids;
    }

    /** Removes the files of a log; a crash in the middle leaves nothing that looks like a log. */
    void delete(LogDirectory log) throws IOException {
        if (!Files.exists(log.path())) {
            return;
        }
        Path grave = logs.resolve("~" + graves.incrementAndGet());
        Files.move(log.path(), grave);
        DurableFiles.syncDirectory(logs);
        deleteTree(grave);
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(directory);
    }

    /** Whether the machine may have lost writes of the last run, and the mark of this run. */
    RunMark runMark() {
        return runMark;
    }

    /** Unlocks the directory. */
    @Override
    public void close() {
        closeQuietly(lockFile);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // the process ends or reports a better cause; the kernel drops the lock with the descriptor
        }
    }
}
