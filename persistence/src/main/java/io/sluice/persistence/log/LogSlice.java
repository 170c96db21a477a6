package io.sluice.persistence.log;

import java.nio.channels.FileChannel;

/**
 * A range of a segment file that holds whole batches, ready for {@code sendfile}. The file stays readable until {@link #close}, even if
 * retention deletes it meanwhile. Close exactly once, from any thread.
 */
public interface LogSlice extends AutoCloseable {

    /** The segment's file; null in an empty slice. */
    FileChannel channel();

    /** First byte of the range in the file. */
    long position();

    /** Number of bytes; 0 at the high watermark. */
    int length();

    /** Offset that follows the last record of the range, where the next read goes on. */
    long nextOffset();

    @Override
    void close();
}
