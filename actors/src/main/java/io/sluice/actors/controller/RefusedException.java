package io.sluice.actors.controller;

import org.apache.kafka.common.protocol.Errors;

/** One item of a request is refused: the error and the line for the client. Thrown and caught within one decision. */
final class RefusedException extends RuntimeException {

    private final Errors error;

    RefusedException(Errors error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    Errors error() {
        return error;
    }
}
