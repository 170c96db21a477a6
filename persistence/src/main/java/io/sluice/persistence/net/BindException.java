package io.sluice.persistence.net;

import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** A listener's address cannot be bound; the message says in one line why. */
public final class BindException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private BindException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Says why an address could not be bound. */
    public static BindException of(String host, int port, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String where = host + ":" + port;
        String why;
        if (message.contains("already in use")) {
            why = "address already in use: " + where;
        } else if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
            why = "unknown host: " + where;
        } else {
            why = message + ": " + where;
        }
        return new BindException(why, cause);
    }
}
