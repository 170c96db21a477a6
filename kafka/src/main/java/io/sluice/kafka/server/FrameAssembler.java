package io.sluice.kafka.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.kafka.wire.MalformedRequestException;
import io.sluice.kafka.wire.RequestPrefix;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Cuts one connection's bytes into frames. Between frames it offers the socket a small buffer; within a frame it offers the rest of the frame's
 * own buffer, so that a large frame is copied no more than once, and that only in its first bytes. Used by one event loop.
 */
final class FrameAssembler {
    /** What is read while no frame has begun: small requests come whole, and little of a large one has to be copied. */
    static final int IDLE_READ_BYTES = 8192;
    /** A longer frame gets its memory as its bytes arrive, so that announcing a length costs nothing. */
    static final int FIRST_STEP_BYTES = (1 << 20) + (1 << 16);

    private static final int LENGTH_BYTES = 4;
    private static final int KEY_BYTES = 2;

    private final ByteBufAllocator allocator;
    private final KafkaServerSettings.Requests limits;
    private final Admission admission;
    /** What is read but belongs to no frame yet; null if nothing. */
    private ByteBuf loose;
    /** The frame that is being filled; null between frames. */
    private ByteBuf frame;
    private int frameLength;
    private boolean refused;

    /** Decides whether a frame may begin now. */
    @FunctionalInterface
    interface Admission {
        /** Whether {@code length} bytes may be received; if so they count until the request is done with. */
        boolean admit(int length);
    }

    FrameAssembler(ByteBufAllocator allocator, KafkaServerSettings.Requests limits, Admission admission) {
        this.allocator = allocator;
        this.limits = limits;
        this.admission = admission;
    }

    /** A buffer for the socket's next bytes; it comes back through {@link #received}, or is released if none came. */
    ByteBuf receiveBuffer() {
        if (frame != null) {
            if (!frame.isWritable()) {
                frame.capacity((int) Math.min(frameLength, frame.capacity() * 2L));
            }
            return frame.retain();
        }
        if (loose != null && loose.readableBytes() < LENGTH_BYTES + KEY_BYTES) {
            ByteBuf joined = allocator.directBuffer(IDLE_READ_BYTES, IDLE_READ_BYTES).writeBytes(loose);
            loose.release();
            loose = joined;
            return loose.retain();
        }
        return allocator.directBuffer(IDLE_READ_BYTES, IDLE_READ_BYTES);
    }

    /** Takes over what was read. */
    @SuppressWarnings("ReferenceEquality") // the question is whether it is our own buffer
    void received(ByteBuf bytes) {
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
     * @throws MalformedRequestException if what comes next is no frame
     */
    ByteBuf next() throws MalformedRequestException {
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

    private boolean begin() throws MalformedRequestException {
        refused = false;
        if (loose == null || loose.readableBytes() < LENGTH_BYTES) {
            return false;
        }
        int length = loose.getInt(loose.readerIndex());
        if (length < RequestPrefix.BYTES || length > limits.bytesMax()) {
            throw new MalformedRequestException("frame of " + length + " bytes, must be from " + RequestPrefix.BYTES
                    + " to " + limits.bytesMax());
        }
        if (length > limits.controlBytesMax()) {
            if (loose.readableBytes() < LENGTH_BYTES + KEY_BYTES) {
                return false;
            }
            short key = loose.getShort(loose.readerIndex() + LENGTH_BYTES);
            if (key != ApiKeys.PRODUCE.id) {
                throw new MalformedRequestException("frame of " + length + " bytes for API key " + key
                        + ", must be at most " + limits.controlBytesMax());
            }
        }
        if (!admission.admit(length)) {
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
    boolean withinFrame() {
        return frame != null;
    }

    /** Whether the last {@link #next} found a frame that was not admitted. */
    boolean refused() {
        return refused;
    }

    /** Frees what is held; returns the length of the admitted frame that will never be complete, or 0. */
    int release() {
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
