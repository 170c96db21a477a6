package io.sluice.kafka.server;

import io.netty.buffer.ByteBuf;
import io.sluice.kafka.wire.MalformedRequestException;
import io.sluice.kafka.wire.RequestPrefix;
import io.sluice.persistence.net.FrameGate;
import java.util.function.IntPredicate;
import org.apache.kafka.common.protocol.ApiKeys;

/** Lets in frames within their limits: only those of Produce may be really large. */
final class RequestGate implements FrameGate {
    private static final int KEY_BYTES = 2;

    private final KafkaServerSettings.Requests limits;
    private final IntPredicate admission;

    /** @param admission whether a number of bytes may be received now */
    RequestGate(KafkaServerSettings.Requests limits, IntPredicate admission) {
        this.limits = limits;
        this.admission = admission;
    }

    @Override
    public int headBytes(int length) throws MalformedRequestException {
        if (length < RequestPrefix.BYTES || length > limits.bytesMax()) {
            throw new MalformedRequestException("frame of " + length + " bytes, must be from " + RequestPrefix.BYTES
                    + " to " + limits.bytesMax());
        }
        return length > limits.controlBytesMax() ? KEY_BYTES : 0;
    }

    @Override
    public void check(int length, ByteBuf bytes, int at) throws MalformedRequestException {
        short key = bytes.getShort(at);
        if (key != ApiKeys.PRODUCE.id) {
            throw new MalformedRequestException("frame of " + length + " bytes for API key " + key
                    + ", must be at most " + limits.controlBytesMax());
        }
    }

    @Override
    public boolean admit(int length) {
        return admission.test(length);
    }
}
