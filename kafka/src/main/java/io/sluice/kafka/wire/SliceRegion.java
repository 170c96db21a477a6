package io.sluice.kafka.wire;

import io.netty.channel.DefaultFileRegion;
import io.sluice.persistence.log.LogSlice;

/** A log slice on its way to a socket. It is Netty's own region class because only that one leaves by sendfile in the native transport. */
final class SliceRegion extends DefaultFileRegion {
    private final LogSlice slice;

    SliceRegion(LogSlice slice) {
        super(slice.channel(), slice.position(), slice.length());
        this.slice = slice;
    }

    /** The slice decides when the file is closed: others may read it too. */
    @Override
    protected void deallocate() {
        slice.close();
    }
}
