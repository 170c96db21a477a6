package io.sluice.persistence.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;

/**
 * A segment that compaction is writing, beside those whose place it will take. Removed batches become {@link Filler}s, as few as possible: one for
 * neighbours of the same leader epoch. For one thread.
 */
final class CleanedSegment implements Closeable {
    /** What its file is called, behind the name it will get, until it is whole. */
    static final String UNFINISHED = ".cleaned";
    private static final int BUFFER = 256 * 1024;

    private final LogDirectory directory;
    private final SegmentIndex index;
    private final SegmentName first;
    private final Path file;
    private final FileChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private int generation;
    private long size;
    /** Of everything taken in, whether it is written already or waits in the filler. */
    private long nextOffset;
    private long lastSequenceNr;
    /** Where the filler that is not written yet begins, -1 if there is none. */
    private long removedFrom = -1;
    private int removedEpoch;
    private long removedAfter;
    private FileTime lastModified = FileTime.fromMillis(0);

    /** Begins a segment that takes the place of {@code first}, and perhaps of some behind it. */
    CleanedSegment(LogDirectory directory, Segment first, int indexInterval) throws IOException {
        this.directory = directory;
        this.first = first.name();
        this.index = new SegmentIndex(indexInterval);
        this.nextOffset = first.baseOffset();
        this.lastSequenceNr = first.firstSequenceNr() - 1;
        this.file = directory.path().resolve(first.name().logFile() + UNFINISHED);
        this.out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    }

    /** Whether another segment can go into this one too. */
    boolean hasRoomFor(Segment next, long endOffset, long segmentBytes) {
        return size + buffer.position() + next.size() <= segmentBytes
                && endOffset - first.baseOffset() <= Integer.MAX_VALUE && next.baseOffset() == nextOffset
                && next.firstSequenceNr() == lastSequenceNr + 1;
    }

    /** Notes that a segment is about to go into this one. */
    void begin(Segment source) throws IOException {
        generation = Math.max(generation, source.name().generation() + 1);
        FileTime modified = Files.getLastModifiedTime(source.file());
        lastModified = modified.compareTo(lastModified) > 0 ? modified : lastModified;
    }

    /** Takes a batch over: what is left of it, nothing if it has no bytes. */
    void add(BatchHeader original, ByteBuffer left) throws IOException {
        if (!left.hasRemaining()) {
            remove(original);
            return;
        }
        writeFiller();
        BatchHeader head = BatchHeader.read(left, left.position());
        index.add(head.baseOffset(), lastSequenceNr + 1, size + buffer.position(), head.maxTimestamp());
        write(left);
        taken(original);
    }

    private void remove(BatchHeader original) throws IOException {
        if (removedFrom >= 0 && (removedEpoch != original.leaderEpoch()
                || original.nextOffset() - removedFrom > Integer.MAX_VALUE)) {
            writeFiller();
        }
        if (removedFrom < 0) {
            removedFrom = original.baseOffset();
            removedEpoch = original.leaderEpoch();
            removedAfter = lastSequenceNr;
        }
        taken(original);
    }

    private void taken(BatchHeader original) {
        nextOffset = original.nextOffset();
        lastSequenceNr = original.lastSequenceNr(lastSequenceNr);
    }

    private void writeFiller() throws IOException {
        if (removedFrom >= 0) {
            index.add(removedFrom, removedAfter + 1, size + buffer.position(), -1);
            write(Filler.of(removedFrom, nextOffset, removedEpoch, lastSequenceNr));
            removedFrom = -1;
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (bytes.remaining() > buffer.remaining()) {
            flush();
        }
        if (bytes.remaining() > buffer.capacity()) {
            size += writeFully(bytes);
        } else {
            buffer.put(bytes);
        }
    }

    private void flush() throws IOException {
        size += writeFully(buffer.flip());
        buffer.clear();
    }

    private int writeFully(ByteBuffer bytes) throws IOException {
        int n = bytes.remaining();
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
        return n;
    }

    /**
     * Writes the rest and makes the file durable, still under its unfinished name.
     *
     * @param cleanTo the offset below which every record was compared with those before it
     */
    Segment finish(long cleanTo) throws IOException {
        writeFiller();
        flush();
        out.force(true);
        Files.setLastModifiedTime(file, lastModified);
        SegmentName name = new SegmentName(first.baseOffset(), first.firstSequenceNr(),
                new SegmentName.Cleaning(generation, Math.min(cleanTo, nextOffset), nextOffset));
        Segment segment = new Segment(directory, name, size);
        segment.index(index);
        segment.maxTimestamp(index.maxTimestamp());
        segment.checked().add(0, size);
        segment.markSynced();
        return segment;
    }

    /** The unfinished file. */
    Path file() {
        return file;
    }

    /** Closes the file, and deletes it unless it has got its name. */
    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(file);
    }
}
