package io.sluice.kafka.wire;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.persistence.net.SliceRegion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Turns a response message into the bytes of its frame. */
public final class ResponseEncoder {
    private static final int LENGTH_BYTES = 4;

    private ResponseEncoder() {
    }

    /**
     * Encodes a response with its header and length. Records of log slices stay in their files. Takes the response over: its slices are closed
     * when the result was sent or released, and at once if encoding fails.
     *
     * @param version version of the request it answers, and so of the response
     */
    public static EncodedResponse encode(ByteBufAllocator allocator, ApiKeys api, short version, int correlationId,
            ApiMessage response) {
        PartsWritable parts = null;
        try {
            boolean flexibleHeader = api.messageType.responseHeaderVersion(version) > 0;
            ObjectSerializationCache cache = new ObjectSerializationCache();
            MessageSizeAccumulator size = new MessageSizeAccumulator();
            response.addSize(size, cache, version);
            int headerBytes = flexibleHeader ? 5 : 4;
            int small = Math.min(size.totalSize() - size.sizeExcludingZeroCopy(), SliceRegion.COPIED_BYTES_MAX);
            parts = new PartsWritable(allocator, LENGTH_BYTES + headerBytes + size.sizeExcludingZeroCopy() + small);
            parts.writeInt(Math.addExact(headerBytes, size.totalSize()));
            parts.writeInt(correlationId);
            if (flexibleHeader) {
                parts.writeByte((byte) 0);
            }
            response.write(parts, cache, version);
            return new EncodedResponse(parts.parts());
        } catch (RuntimeException e) {
            if (parts != null) {
                parts.release();
            }
            SliceRecords.discard(response);
            throw e;
        }
    }
}
