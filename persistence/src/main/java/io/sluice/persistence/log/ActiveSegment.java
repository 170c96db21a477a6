package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/** The segment that takes appends: gathers batches, writes them with as few calls as possible, syncs. For the log's writer alone. */
final class ActiveSegment {
    private static final int MOST_BUFFERS = 512;
    private static final int MOST_BYTES = 8 << 20;

    private final FileLog log;
    private Segment segment;
    private SegmentIndex index;
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
    /** The buffer that the last gathered bytes are a part of, null if they are a batch of their own. */
    private ByteBuffer run;

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

    /** Goes on with a segment found on disk; its file opens at the first append. Its bytes may be nowhere but in the page cache. */
    void resume(Segment last, boolean mayBeUnsynced) {
        segment = last;
        index = last.index();
        written = last.size();
        good = written;
        unsynced = mayBeUnsynced;
        last.checked().add(written, Long.MAX_VALUE);
    }

    /** Begins a new segment. */
    Segment begin(SegmentName name) throws IOException {
        Segment fresh = new Segment(log.directory(), name, 0);
        Files.createFile(fresh.file());
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
        ensureIndex();
        index.add(Append.baseOffset(batch), firstSequenceNr, size(), Append.maxTimestamp(batch));
        gather(batch.duplicate(), null);
    }

    /** Gathers one of several batches in a buffer; neighbours are written as one. */
    @SuppressWarnings("ReferenceEquality") // two buffers with the same bytes are not neighbours
    void add(ByteBuffer batches, int at, BatchHeader head, long firstSequenceNr) throws IOException {
        ensureIndex();
        index.add(head.baseOffset(), firstSequenceNr, size(), head.maxTimestamp());
        int end = at + head.sizeInBytes();
        if (run == batches && count > 0 && gathered[count - 1].limit() == at) {
            gathered[count - 1].limit(end);
            gatheredBytes += head.sizeInBytes();
            writeIfMuch();
        } else {
            gather(batches.duplicate().limit(end).position(at), batches);
        }
    }

    /** Bytes in the file and those gathered for it. */
    long size() {
        return written + gatheredBytes;
    }

    private void gather(ByteBuffer bytes, ByteBuffer from) throws IOException {
        if (gathered == null) {
            gathered = new ByteBuffer[4];
        } else if (count == gathered.length) {
            gathered = Arrays.copyOf(gathered, count * 2);
        }
        gathered[count++] = bytes;
        gatheredBytes += bytes.remaining();
        run = from;
        writeIfMuch();
    }

    private void writeIfMuch() throws IOException {
        if (count >= MOST_BUFFERS || gatheredBytes >= MOST_BYTES) {
            write();
        }
    }

    private void ensureIndex() throws IOException {
        if (index == null) {
            index = log.indexOf(segment, written);
        }
    }

    private void write() throws IOException {
        if (count == 0) {
            return;
        }
        unsynced = true;
        FileChannel out = segment.forWriting().acquire();
        try {
            writeTo(out.position(written));
        } finally {
            segment.forWriting().release();
        }
        written += gatheredBytes;
        gatheredBytes = 0;
        count = 0;
        run = null;
    }

    private void writeTo(FileChannel out) throws IOException {
        long left = gatheredBytes;
        int from = 0;
        while (left > 0) {
            left -= from == count - 1 ? out.write(gathered[from]) : out.write(gathered, from, count - from);
            while (from < count && !gathered[from].hasRemaining()) {
                gathered[from++] = null;
            }
        }
    }

    /** Writes what was gathered, and syncs it if the mode asks for that. */
    void flush(FlushMode mode) throws IOException {
        write();
        if (unsynced && mode == FlushMode.COMMIT) {
            sync();
            if (nameUnsynced) {
                DurableFiles.syncDirectory(log.directory().path());
                nameUnsynced = false;
            }
            unsynced = false;
        }
        good = written;
    }

    private void sync() throws IOException {
        FileChannel out = segment.forWriting().acquire();
        try {
            out.force(false);
        } finally {
            segment.forWriting().release();
        }
    }

    /** Flushes and ends the segment. */
    void close(FlushMode mode) throws IOException {
        flush(mode);
        segment.size(written);
        segment.maxTimestamp(maxTimestamp());
        if (!unsynced) {
            segment.markSynced();
        }
        release();
    }

    /** Lets go of the segment; what was written is flushed. */
    void release() {
        if (segment != null) {
            segment.forWriting().rest();
        }
        unsynced = false;
        segment = null;
        index = null;
        bornMs = 0;
    }

    /** Lets go of what is in memory, for a log whose files are about to be closed; the next append brings it back. */
    void rest() {
        if (index != null) {
            segment.maxTimestamp(index.maxTimestamp());
        }
        index = null;
        gathered = null;
    }

    /** After a failure: cuts the file back to what was flushed, as far as that is possible, and lets go of it. */
    void abandon() {
        gathered = null;
        run = null;
        count = 0;
        gatheredBytes = 0;
        if (segment != null) {
            try {
                cutBack();
            } catch (IOException e) {
                // recovery will cut or keep what it finds
            }
            segment.forWriting().rest();
        }
    }

    private void cutBack() throws IOException {
        FileChannel out = segment.forWriting().acquire();
        try {
            FileChannel unused = out.truncate(good);
        } finally {
            segment.forWriting().release();
        }
    }
}
