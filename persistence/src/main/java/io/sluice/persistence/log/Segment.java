package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One segment file. Its read channel opens on first use and is counted: it stays open while anybody holds it, even after the file is unlinked,
 * and closes when the log rests. Safe for use by any thread.
 */
final class Segment {
    private final SegmentName name;
    private final Path file;
    private final Path indexFile;
    private final OpenFiles.OfLog files;
    private final CheckedRanges checked = new CheckedRanges();
    /** Size once the segment is closed; while it is the last one, the view knows how much of it counts. */
    private volatile long size;
    private volatile SegmentIndex index;
    /** Largest timestamp once known, Long.MIN_VALUE before. */
    private volatile long maxTimestamp = Long.MIN_VALUE;
    private volatile boolean synced;
    private volatile boolean indexOnDisk;
    private volatile long lastUsed = Long.MIN_VALUE;

    private FileChannel channel;
    private int holders;
    private boolean resting;
    private boolean deleted;

    Segment(LogDirectory directory, SegmentName name, long size) {
        this.name = name;
        this.file = directory.path().resolve(name.logFile());
        this.indexFile = directory.path().resolve(name.indexFile());
        this.files = directory.files();
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
     * Holds the file open for reading until {@link #release}. A channel that an interrupted reader closed is opened again.
     *
     * @throws NoSuchFileException if the segment was deleted and nobody holds it
     */
    synchronized FileChannel acquire() throws IOException {
        open();
        holders++;
        resting = deleted;
        return channel;
    }

    private void open() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            files.opened();
        } else if (!channel.isOpen()) {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        }
    }

    synchronized void release() {
        holders--;
        if (holders == 0 && resting) {
            closeChannel();
        }
    }

    /** Closes the file as soon as nobody holds it. */
    synchronized void rest() {
        resting = true;
        if (holders == 0) {
            closeChannel();
        }
    }

    private void closeChannel() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // opened for reading only: nothing can be lost
            }
            channel = null;
            files.closed();
        }
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
        synchronized (this) {
            deleted = true;
            rest();
        }
    }
}
