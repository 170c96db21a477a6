package io.sluice.kafka.wire;

import io.sluice.persistence.net.MalformedFrameException;

/** Bytes that are no request of the Kafka protocol. The message has no contents of the request; the connection is to be closed. */
public final class MalformedRequestException extends MalformedFrameException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, in one line */
    public MalformedRequestException(String message) {
        super(message);
    }
}
