package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One segment file, which is open while it is used. Safe for use by any thread. */
final class Segment {
    private final SegmentName name;
    private final Path file;
    private final Path indexFile;
    private final HeldFile forReading;
    private final HeldFile forWriting;
    private final CheckedRanges checked = new CheckedRanges();
    /** Size once the segment is closed; while it is the last one, the view knows how much of it counts. */
    private volatile long size;
    private volatile SegmentIndex index;
    /** Largest timestamp once known, Long.MIN_VALUE before. */
    private volatile long maxTimestamp = Long.MIN_VALUE;
    private volatile boolean synced;
    private volatile boolean indexOnDisk;
    private volatile long lastUsed = Long.MIN_VALUE;

    Segment(LogDirectory directory, SegmentName name, long size) {
        this.name = name;
        this.file = directory.path().resolve(name.logFile());
        this.indexFile = directory.path().resolve(name.indexFile());
        this.forReading = new HeldFile(file, StandardOpenOption.READ, directory.files());
        this.forWriting = new HeldFile(file, StandardOpenOption.WRITE, directory.files());
        this.size = size;
    }

    /**
     * The same segment with nothing from {@code position} on, for those who read from now on. Who still has this one finds the file ending earlier,
     * never other bytes: a cut file does not grow again while it is open.
     */
    Segment cutAt(LogDirectory directory, long position, long largestTimestamp) {
        Segment cut = new Segment(directory, name, position);
        cut.checked.addBefore(position, checked);
        SegmentIndex known = index;
        if (known != null) {
            cut.index = known.cutAt(position, largestTimestamp);
        }
        cut.maxTimestamp = largestTimestamp;
        cut.synced = true;
        return cut;
    }

    SegmentName name() {
        return name;
    }

    long baseOffset() {
        return name.baseOffset();
    }

    long firstSequenceNr() {
        return name.firstSequenceNr();
    }

    Path file() {
        return file;
    }

    Path indexFile() {
        return indexFile;
    }

    CheckedRanges checked() {
        return checked;
    }

    long size() {
        return size;
    }

    void size(long bytes) {
        size = bytes;
    }

    /** The index, or null while it is not loaded. */
    SegmentIndex index() {
        return index;
    }

    void index(SegmentIndex loaded) {
        index = loaded;
    }

    long maxTimestamp() {
        return maxTimestamp;
    }

    void maxTimestamp(long largest) {
        maxTimestamp = largest;
    }

    /** When it was last read, in the store's ticks. */
    long lastUsed() {
        return lastUsed;
    }

    void touch(long now) {
        if (lastUsed != now) {
            lastUsed = now;
        }
    }

    /** Whether the whole closed segment is on stable storage. */
    boolean isSynced() {
        return synced;
    }

    void markSynced() {
        synced = true;
    }

    /** Whether the index file covers the whole closed segment. */
    boolean isIndexOnDisk() {
        return indexOnDisk;
    }

    void markIndexOnDisk() {
        indexOnDisk = true;
    }

    /**
     * Holds the file open for reading until {@link #release}.
     *
     * @throws NoSuchFileException if the segment was deleted and nobody holds it
     */
    FileChannel acquire() throws IOException {
        return forReading.acquire();
    }

    void release() {
        forReading.release();
    }

    /** The file for the log's writer. */
    HeldFile forWriting() {
        return forWriting;
    }

    /** Closes the file as soon as nobody holds it. */
    void rest() {
        forReading.rest();
        forWriting.rest();
    }

    /** Puts the bytes on stable storage. */
    void sync() throws IOException {
        FileChannel c = acquire();
        try {
            c.force(false);
        } finally {
            release();
        }
    }

    /** Unlinks the files; holders go on reading. */
    void delete() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(indexFile);
        forReading.unlinked();
        forWriting.unlinked();
    }
}
