package io.sluice.actors.controller;

import org.apache.kafka.common.protocol.Errors;

/**
 * The outcome of an administrative request for one thing.
 *
 * @param error {@link Errors#NONE} if done
 * @param message one line with cause and cure, or null
 * @param value what came of it, null on an error
 */
public record AdminResult<T>(Errors error, String message, T value) {

    /** Done. */
    public static <T> AdminResult<T> of(T value) {
        return new AdminResult<>(Errors.NONE, null, value);
    }

    /** Refused or failed. */
    public static <T> AdminResult<T> failed(Errors error, String message) {
        return new AdminResult<>(error, message, null);
    }
}
