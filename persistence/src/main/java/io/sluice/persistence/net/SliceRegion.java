package io.sluice.persistence.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultFileRegion;
import io.sluice.persistence.log.LogSlice;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A log slice on its way to a socket. It is Netty's own region class because only that one leaves by sendfile in the native transport. */
public final class SliceRegion extends DefaultFileRegion {
    /**
     * Slices up to this size are better copied behind what is sent before them: one read and one write cost no more than a write and a sendfile,
     * and the other side gets all in one piece.
     */
    public static final int COPIED_BYTES_MAX = 4096;

    private final LogSlice slice;

    /** Takes over the slice: it is closed when the region was sent or released. */
    public SliceRegion(LogSlice slice) {
        super(slice.channel(), slice.position(), slice.length());
        this.slice = slice;
    }

    /**
     * Copies the bytes of a slice behind those of a buffer.
     *
     * @throws UncheckedIOException if they cannot be read
     */
    public static void copy(LogSlice slice, ByteBuf to) {
        try {
            int copied = 0;
            while (copied < slice.length()) {
                long position = slice.position() + copied;
                int n = to.writeBytes(slice.channel(), position, slice.length() - copied);
                if (n < 0) {
                    throw new IOException("the segment file ends at " + position + ", within a slice");
                }
                copied += n;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The slice decides when the file is closed: others may read it too. */
    @Override
    protected void deallocate() {
        slice.close();
    }
}
