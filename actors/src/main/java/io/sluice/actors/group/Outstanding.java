package io.sluice.actors.group;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;

/**
 * The requests that a coordinator owes an answer. When its actor stops, whatever is stored, stashed or waits for a rebalance is answered with
 * NOT_COORDINATOR, upon which clients look the coordinator up again. Thread-safe.
 */
final class Outstanding {
    private final Set<GroupCommand.Request<?>> requests = ConcurrentHashMap.newKeySet();

    /** Registers a request, which is answered in any case once the time is up. */
    @SuppressWarnings("FutureReturnValueIgnored") // the stage only takes the request off the list
    <T> CompletableFuture<T> add(GroupCommand.Request<T> request, Duration limit) {
        requests.add(request);
        request.to().whenComplete((response, failure) -> requests.remove(request));
        return request.to().completeOnTimeout(request.failed().apply(Errors.COORDINATOR_NOT_AVAILABLE),
                limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    void failAll() {
        requests.forEach(r -> r.fail(Errors.NOT_COORDINATOR));
    }
}
