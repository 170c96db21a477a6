package io.sluice.actors.group;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;

/**
 * The requests to one coordinator: those that wait until it takes them, and those that it owes an answer. When its actor stops, whatever it had taken is
 * answered with NOT_COORDINATOR, upon which clients look the coordinator up again; what waits is for its successor. Thread-safe. Bounded by what the
 * connections let in, and in time.
 */
final class Outstanding {
    private final Queue<GroupCommand.Request<?>> waiting = new ConcurrentLinkedQueue<>();
    private final Set<GroupCommand.Request<?>> taken = ConcurrentHashMap.newKeySet();

    /** Registers a request, which is answered in any case once the time is up. */
    @SuppressWarnings("FutureReturnValueIgnored") // the stage only takes the request off the list
    <T> CompletableFuture<T> add(GroupCommand.Request<T> request, Duration limit) {
        request.to().whenComplete((response, failure) -> taken.remove(request));
        waiting.add(request);
        return request.to().completeOnTimeout(request.failed().apply(Errors.COORDINATOR_NOT_AVAILABLE),
                limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The requests that wait, in their order; they are the coordinator's now. */
    List<GroupCommand.Request<?>> take() {
        List<GroupCommand.Request<?>> requests = new ArrayList<>();
        for (GroupCommand.Request<?> next = waiting.poll(); next != null; next = waiting.poll()) {
            taken.add(next);
            if (next.to().isDone()) {
                taken.remove(next); // too late
            } else {
                requests.add(next);
            }
        }
        return requests;
    }

    /** Whether a request waits. */
    boolean isWaiting() {
        GroupCommand.Request<?> first = waiting.peek();
        while (first != null && first.to().isDone()) {
            waiting.remove(first);
            first = waiting.peek();
        }
        return first != null;
    }

    /** The coordinator has stopped. */
    void failTaken() {
        taken.forEach(request -> request.fail(Errors.NOT_COORDINATOR));
    }

    /** The coordinator will not be here. */
    void failWaiting() {
        take().forEach(request -> request.fail(Errors.NOT_COORDINATOR));
    }
}
