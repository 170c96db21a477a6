package io.sluice.kafka.server;

/** The listener's address cannot be bound; the message says in one line why. */
public final class BindException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BindException(String message, Throwable cause) {
        super(message, cause);
    }
}
