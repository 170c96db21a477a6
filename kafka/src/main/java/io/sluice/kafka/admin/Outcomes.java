package io.sluice.kafka.admin;

import io.sluice.actors.controller.AdminResult;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The controller's answers, item by item, also where there is none: a client must learn of each thing what became of it. */
final class Outcomes {

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    private Outcomes() {
    }

    /** A stage that never fails: a failure is the outcome of every item. */
    static <K, V> CompletionStage<Function<K, AdminResult<V>>> of(CompletionStage<Map<K, AdminResult<V>>> stage) {
        return stage.handle((results, failure) -> {
            if (failure != null) {
                AdminResult<V> outcome = failed(failure);
                return key -> outcome;
            }
            return key -> results.getOrDefault(key,
                    AdminResult.failed(Errors.UNKNOWN_SERVER_ERROR, "the controller did not answer for " + key));
        });
    }

    /** The protocol's error for a failure; what the protocol has none for is a bug of ours and logged. */
    static <V> AdminResult<V> failed(Throwable failure) {
        Throwable cause = Errors.maybeUnwrapException(failure);
        if (cause instanceof ApiException) {
            return AdminResult.failed(Errors.forException(cause), cause.getMessage());
        }
        LOG.error("an administrative request failed", cause);
        return AdminResult.failed(Errors.UNKNOWN_SERVER_ERROR, "this node failed; its log says why");
    }

    /** The message for an answer: the given one, or else what the protocol says of the error; null if there is none. */
    static String message(AdminResult<?> result) {
        boolean has = result.message() != null || result.error() == Errors.NONE;
        return has ? result.message() : result.error().message();
    }
}
