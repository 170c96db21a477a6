package io.sluice.streams.javadsl;

import io.sluice.persistence.log.LogSlice;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Copies slices of segments into memory. */
final class SliceBytes {

    private SliceBytes() {
    }

    /**
     * Fills a buffer with the bytes of a slice and flips it. Reads the file, so it blocks; does not close the slice.
     *
     * @param bytes with room for exactly the slice, from position 0 on
     * @return the buffer
     * @throws EOFException if the file is shorter than the slice says
     */
    static ByteBuffer read(LogSlice slice, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (slice.channel().read(bytes, slice.position() + bytes.position()) < 0) {
                throw new EOFException("the segment ends before byte " + (slice.position() + slice.length()));
            }
        }
        return bytes.flip();
    }
}
