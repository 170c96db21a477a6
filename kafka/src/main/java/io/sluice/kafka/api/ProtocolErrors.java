package io.sluice.kafka.api;

import io.sluice.persistence.log.CorruptLogException;
import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.OffsetOutOfRangeException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.protocol.Errors;

/** The one place where failures become errors of the protocol. */
public final class ProtocolErrors {
    private ProtocolErrors() {
    }

    /** The error that tells a client of a failure; {@link Errors#UNKNOWN_SERVER_ERROR} for what should not happen. */
    public static Errors of(Throwable failure) {
        return switch (cause(failure)) {
            // clients look up the leader and go on there
            case FencedException e -> Errors.NOT_LEADER_OR_FOLLOWER;
            // consumers reset or report their position
            case OffsetOutOfRangeException e -> Errors.OFFSET_OUT_OF_RANGE;
            // consumers throw to the application; KAFKA_STORAGE_ERROR would make them look up the leader and try again for ever, in silence
            case CorruptLogException e -> Errors.CORRUPT_MESSAGE;
            // clients look up the leader and try again
            case IOException e -> Errors.KAFKA_STORAGE_ERROR;
            // clients try again
            case TimeoutException e -> Errors.REQUEST_TIMED_OUT;
            // carries its own error
            case Throwable e -> Errors.forException(e);
        };
    }

    /** Whether a failure is an expected one, which the client learns and the log need not have with a stack trace. */
    public static boolean isExpected(Throwable failure) {
        return of(failure) != Errors.UNKNOWN_SERVER_ERROR;
    }

    /** The failure itself, without what stages wrap around it. */
    public static Throwable cause(Throwable failure) {
        Throwable t = failure;
        while ((t instanceof CompletionException || t instanceof ExecutionException) && t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }
}
