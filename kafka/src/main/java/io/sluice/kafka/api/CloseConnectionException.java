package io.sluice.kafka.api;

/** A handler's stage fails with this where the protocol's only answer is to close the connection, as for an error of Produce with acks=0. */
public final class CloseConnectionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the reason in one line, without record contents */
    public CloseConnectionException(String message) {
        super(message, null, false, false);
    }
}
