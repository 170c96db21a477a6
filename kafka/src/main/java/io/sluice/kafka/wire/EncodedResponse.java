package io.sluice.kafka.wire;

import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * A response as a channel writes it.
 *
 * @param parts byte buffers and file regions in order, owned by whoever has the response
 */
public record EncodedResponse(List<Object> parts) {

    /** No bytes at all: the answer to a request that wants none. */
    public static final EncodedResponse NOTHING = new EncodedResponse(List.of());

    /** Frees the parts of a response that is not sent. */
    public void release() {
        parts.forEach(ReferenceCountUtil::release);
    }
}
