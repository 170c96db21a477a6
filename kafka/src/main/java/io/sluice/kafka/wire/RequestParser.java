package io.sluice.kafka.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** Turns the bytes of a frame into a request message, with the message classes of kafka-clients. */
public final class RequestParser {

    /**
     * No array of a request may claim more elements. The message classes refuse claims beyond the bytes that are left, but make room for the
     * claimed number at once, which in a large frame is a multiple of its size.
     */
    static final int ARRAY_ELEMENTS_MAX = 1_000_000;

    private RequestParser() {
    }

    /**
     * Parses what follows the prefix.
     *
     * @param prefix what {@link RequestPrefix#read} found; its version must be one that {@code api} has
     * @param frame the frame, positioned behind the prefix
     * @throws MalformedRequestException if the bytes are no such request
     */
    public static Request parse(ApiKeys api, RequestPrefix prefix, ByteBuffer frame) throws MalformedRequestException {
        ApiMessageType type = api.messageType;
        try {
            short headerVersion = type.requestHeaderVersion(prefix.apiVersion());
            frame.position(frame.position() - RequestPrefix.BYTES);
            BoundedReadable bytes = new BoundedReadable(frame);
            String clientId = new RequestHeaderData(bytes, headerVersion).clientId();
            ApiMessage message = type.newRequest();
            message.read(bytes, prefix.apiVersion());
            return new Request(prefix, clientId, message);
        } catch (RuntimeException e) {
            // the exception's own message may quote the request, so only its kind is told
            throw new MalformedRequestException("malformed " + api.name + " request of version " + prefix.apiVersion()
                    + " (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** The message classes ask what remains only to check the claimed size of an array. */
    private static final class BoundedReadable extends ByteBufferAccessor {
        BoundedReadable(ByteBuffer bytes) {
            super(bytes);
        }

        @Override
        public int remaining() {
            return Math.min(super.remaining(), ARRAY_ELEMENTS_MAX);
        }
    }
}
