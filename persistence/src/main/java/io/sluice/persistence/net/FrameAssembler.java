package io.sluice.persistence.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Cuts one connection's bytes into frames. Between frames it offers the socket a small buffer; within a frame it offers the rest of the frame's
 * own buffer, so that a large frame is copied no more than once, and that only in its first bytes. Used by one event loop.
 */
public final class FrameAssembler {
    /** What is read while no frame has begun: small requests come whole, and little of a large one has to be copied. */
    static final int IDLE_READ_BYTES = 8192;
    /** A longer frame gets its memory as its bytes arrive, so that announcing a length costs nothing. */
    static final int FIRST_STEP_BYTES = (1 << 20) + (1 << 16);

    private static final int LENGTH_BYTES = 4;

    private final ByteBufAllocator allocator;
    private final FrameGate gate;
    /** What is read but belongs to no frame yet; null if nothing. */
    private ByteBuf loose;
    /** The frame that is being filled; null between frames. */
    private ByteBuf frame;
    private int frameLength;
    private boolean refused;

    /**
     * @param allocator where frames get their direct memory
     * @param gate says which frames may come
     */
    public FrameAssembler(ByteBufAllocator allocator, FrameGate gate) {
        this.allocator = allocator;
        this.gate = gate;
    }

    /** A buffer for the socket's next bytes; it comes back through {@link #received}, or is released if none came. */
    public ByteBuf receiveBuffer() {
        if (frame != null) {
            if (!frame.isWritable()) {
                frame.capacity((int) Math.min(frameLength, frame.capacity() * 2L));
            }
            return frame.retain();
        }
        if (loose != null && loose.readableBytes() < LENGTH_BYTES + FrameGate.HEAD_BYTES_MAX) {
            ByteBuf joined = allocator.directBuffer(IDLE_READ_BYTES, IDLE_READ_BYTES).writeBytes(loose);
            loose.release();
            loose = joined;
            return loose.retain();
        }
        return allocator.directBuffer(IDLE_READ_BYTES, IDLE_READ_BYTES);
    }

    /** Takes over what was read. */
    @SuppressWarnings("ReferenceEquality") // the question is whether it is our own buffer
    public void received(ByteBuf bytes) {
        if (bytes == frame || bytes == loose) {
            bytes.release();
        } else if (loose == null) {
            loose = bytes;
        } else {
            ByteBuf joined = allocator.directBuffer(loose.readableBytes() + bytes.readableBytes()).writeBytes(loose)
                    .writeBytes(bytes);
            loose.release();
            bytes.release();
            loose = joined;
        }
    }

    /**
     * The next frame without its length, which the caller owns, or null if there is none yet or it was not admitted.
     *
     * @throws MalformedFrameException if what comes next is no frame
     */
    public ByteBuf next() throws MalformedFrameException {
        if (frame == null && !begin()) {
            return null;
        }
        fill();
        if (frame.readableBytes() < frameLength) {
            return null;
        }
        ByteBuf complete = frame;
        frame = null;
        return complete;
    }

    private boolean begin() throws MalformedFrameException {
        refused = false;
        if (loose == null || loose.readableBytes() < LENGTH_BYTES) {
            return false;
        }
        int length = loose.getInt(loose.readerIndex());
        int headBytes = gate.headBytes(length);
        if (headBytes > 0) {
            if (loose.readableBytes() < LENGTH_BYTES + headBytes) {
                return false;
            }
            gate.check(length, loose, loose.readerIndex() + LENGTH_BYTES);
        }
        if (!gate.admit(length)) {
            refused = true;
            return false;
        }
        loose.skipBytes(LENGTH_BYTES);
        frameLength = length;
        frame = allocator.directBuffer(Math.min(length, FIRST_STEP_BYTES), length);
        return true;
    }

    private void fill() {
        if (loose == null) {
            return;
        }
        // more than the first step can only be loose where it was read into a foreign buffer; then it is all there
        frame.writeBytes(loose, Math.min(loose.readableBytes(), frameLength - frame.readableBytes()));
        if (!loose.isReadable()) {
            loose.release();
            loose = null;
        }
    }

    /** Whether a frame has begun to arrive and is not complete. */
    public boolean withinFrame() {
        return frame != null;
    }

    /** Whether the last {@link #next} found a frame that was not admitted. */
    public boolean refused() {
        return refused;
    }

    /** Frees what is held; returns the length of the admitted frame that will never be complete, or 0. */
    public int release() {
        int unfinished = frame == null ? 0 : frameLength;
        if (frame != null) {
            frame.release();
            frame = null;
        }
        if (loose != null) {
            loose.release();
            loose = null;
        }
        return unfinished;
    }
}
