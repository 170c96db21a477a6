package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/** The segment that takes appends: gathers batches, writes them with as few calls as possible, syncs. For the log's writer alone. */
final class ActiveSegment {
    private static final int MOST_BUFFERS = 512;
    private static final int MOST_BYTES = 8 << 20;

    private final FileLog log;
    private Segment segment;
    private SegmentIndex index;
    private FileChannel out;
    private long bornMs;
    /** Bytes in the file. */
    private long written;
    /** Bytes in the file when the last flush ended. */
    private long good;
    private boolean unsynced;
    private boolean nameUnsynced;
    private ByteBuffer[] gathered;
    private int count;
    private long gatheredBytes;

    ActiveSegment(FileLog log) {
        this.log = log;
    }

    /** Whether there is a segment that may grow. */
    boolean isOpen() {
        return segment != null;
    }

    /** Whether {@code s} is the segment that may grow. */
    boolean is(Segment s) {
        return segment == s;
    }

    /** Bytes that count. */
    long goodSize() {
        return good;
    }

    long maxTimestamp() {
        return index == null ? segment.maxTimestamp() : index.maxTimestamp();
    }

    /** Goes on with a segment found on disk; its file opens at the first append. */
    void resume(Segment last) {
        segment = last;
        index = last.index();
        written = last.size();
        good = written;
        last.checked().add(written, Long.MAX_VALUE);
    }

    /** Begins a new segment. */
    Segment begin(SegmentName name) throws IOException {
        Segment fresh = new Segment(log.directory().path(), name, 0);
        out = FileChannel.open(fresh.file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        nameUnsynced = true;
        index = new SegmentIndex(log.store().settings().indexIntervalBytes());
        fresh.index(index);
        fresh.checked().add(0, Long.MAX_VALUE);
        bornMs = log.store().settings().clock().millis();
        segment = fresh;
        written = 0;
        good = 0;
        return fresh;
    }

    /** Whether a batch of {@code bytes} must go to a new segment. */
    boolean mustRoll(LogConfig config, int bytes) throws IOException {
        if (segment == null) {
            return true;
        }
        long size = written + gatheredBytes;
        return size > 0 && (size + bytes > config.segmentBytes() || isOld(config.segmentMs()));
    }

    /** Whether the segment holds something and its first record was appended longer ago than {@code ms}. */
    boolean isOld(long ms) throws IOException {
        if (segment == null || written + gatheredBytes == 0) {
            return false;
        }
        if (bornMs == 0) {
            bornMs = Files.readAttributes(segment.file(), BasicFileAttributes.class).creationTime().toMillis();
        }
        return log.store().settings().clock().millis() - bornMs > ms;
    }

    /** Gathers one batch. */
    void add(ByteBuffer batch, long firstSequenceNr) throws IOException {
        ensureOpen();
        if (gathered == null) {
            gathered = new ByteBuffer[4];
        } else if (count == gathered.length) {
            gathered = Arrays.copyOf(gathered, count * 2);
        }
        index.add(Append.baseOffset(batch), firstSequenceNr, written + gatheredBytes, Append.maxTimestamp(batch));
        gathered[count++] = batch.duplicate();
        gatheredBytes += batch.remaining();
        if (count >= MOST_BUFFERS || gatheredBytes >= MOST_BYTES) {
            write();
        }
    }

    private void ensureOpen() throws IOException {
        if (out != null) {
            return;
        }
        if (index == null) {
            index = log.indexOf(segment, written);
        }
        out = FileChannel.open(segment.file(), StandardOpenOption.WRITE);
        out.position(written);
    }

    private void write() throws IOException {
        if (count == 0) {
            return;
        }
        unsynced = true;
        long left = gatheredBytes;
        int from = 0;
        while (left > 0) {
            left -= from == count - 1 ? out.write(gathered[from]) : out.write(gathered, from, count - from);
            while (from < count && !gathered[from].hasRemaining()) {
                gathered[from++] = null;
            }
        }
        written += gatheredBytes;
        gatheredBytes = 0;
        count = 0;
    }

    /** Writes what was gathered, and syncs it if the mode asks for that. */
    void flush(FlushMode mode) throws IOException {
        write();
        if (unsynced && mode == FlushMode.COMMIT) {
            out.force(false);
            if (nameUnsynced) {
                DurableFiles.syncDirectory(log.directory().path());
                nameUnsynced = false;
            }
            unsynced = false;
        }
        good = written;
    }

    /** Flushes and ends the segment. */
    void close(FlushMode mode) throws IOException {
        flush(mode);
        segment.size(written);
        segment.maxTimestamp(maxTimestamp());
        closeFile();
        segment = null;
        index = null;
        bornMs = 0;
    }

    /** Closes the file; the next append opens it again. */
    void rest() {
        closeFile();
        if (index != null) {
            segment.maxTimestamp(index.maxTimestamp());
        }
        index = null;
        gathered = null;
    }

    /** After a failure: cuts the file back to what was flushed, as far as that is possible, and lets go of it. */
    void abandon() {
        try {
            if (out != null) {
                out.truncate(good);
            }
        } catch (IOException e) {
            // recovery will cut or keep what it finds
        }
        gathered = null;
        count = 0;
        gatheredBytes = 0;
        closeFile();
    }

    private void closeFile() {
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                // everything written was reported by write and force
            }
            out = null;
        }
    }
}
