package io.sluice.persistence.net;

import io.netty.buffer.ByteBuf;

/** Says which frames a connection may receive, before memory is made for them. Used by one event loop. */
public interface FrameGate {
    /** The most that {@link #headBytes} may ask for. */
    int HEAD_BYTES_MAX = 4;

    /**
     * How many bytes behind the length must be there to decide on a frame of this length; 0 if its length says enough.
     *
     * @param length what the frame announces
     * @throws MalformedFrameException if no frame has this length
     */
    int headBytes(int length) throws MalformedFrameException;

    /**
     * Looks at the bytes that {@link #headBytes} asked for.
     *
     * @param at where in {@code bytes} they begin
     * @throws MalformedFrameException if no such frame has this length
     */
    void check(int length, ByteBuf bytes, int at) throws MalformedFrameException;

    /** Whether {@code length} bytes may be received now; if so they count until the frame is done with. */
    boolean admit(int length);
}
