package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.sluice.persistence.net.FrameGate;
import io.sluice.persistence.net.MalformedFrameException;
import java.util.function.IntPredicate;

/** Lets in small frames while the other side is not known, then also large ones that carry batches or a snapshot. */
final class BatchGate implements FrameGate {
    /** No frame without those is longer. */
    static final int CONTROL_BYTES_MAX = 1 << 20;

    private final int bytesMax;
    private final IntPredicate admission;
    private boolean known;

    /** @param admission whether a number of bytes may be received now */
    BatchGate(int bytesMax, IntPredicate admission) {
        this.bytesMax = bytesMax;
        this.admission = admission;
    }

    /** The handshake is over. */
    void open() {
        known = true;
    }

    @Override
    public int headBytes(int length) throws MalformedFrameException {
        int most = known ? bytesMax : Handshake.BYTES_MAX;
        if (length < 1 || length > most) {
            throw new MalformedFrameException("frame of " + length + " bytes, must be from 1 to " + most);
        }
        return length > CONTROL_BYTES_MAX ? 1 : 0;
    }

    @Override
    public void check(int length, ByteBuf bytes, int at) throws MalformedFrameException {
        FrameType type = FrameType.of(bytes.getByte(at));
        if (type == null || !type.mayBeLarge()) {
            throw new MalformedFrameException("frame of " + length + " bytes for type " + bytes.getByte(at)
                    + ", must be at most " + CONTROL_BYTES_MAX);
        }
    }

    @Override
    public boolean admit(int length) {
        return admission.test(length);
    }
}
