package io.sluice.kafka.wire;

import java.nio.ByteBuffer;

/**
 * The part of a request header that every version of every API begins with; all that can be read of a request whose version is not known.
 *
 * @param apiKey key of the API
 * @param apiVersion version of the request
 * @param correlationId the client's number for the request, which the response repeats
 */
public record RequestPrefix(short apiKey, short apiVersion, int correlationId) {

    /** Size in bytes, and so the least size of a frame. */
    public static final int BYTES = 8;

    /**
     * Reads it and moves the position behind it.
     *
     * @throws MalformedRequestException if the frame is too short
     */
    public static RequestPrefix read(ByteBuffer frame) throws MalformedRequestException {
        if (frame.remaining() < BYTES) {
            throw new MalformedRequestException("frame of " + frame.remaining() + " bytes");
        }
        return new RequestPrefix(frame.getShort(), frame.getShort(), frame.getInt());
    }
}
