package io.sluice.actors.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;

/**
 * The requests to one coordinator: those that wait until it takes them, and those that it owes an answer. When its actor stops, whatever it had taken is
 * answered with NOT_COORDINATOR, upon which clients look the coordinator up again; what waits is for its successor. Thread-safe. Bounded by what the
 * connections let in, and in time: who owns it looks for what is late again and again, which costs less than a timer for each request.
 */
final class Outstanding {
    private final Queue<GroupCommand.Request<?>> waiting = new ConcurrentLinkedQueue<>();
    private final Set<GroupCommand.Request<?>> taken = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean woken = new AtomicBoolean();

    /** Registers a request. */
    @SuppressWarnings("FutureReturnValueIgnored") // the stage only takes the request off the list
    <T> CompletableFuture<T> add(GroupCommand.Request<T> request) {
        request.to().whenComplete((response, failure) -> taken.remove(request));
        waiting.add(request);
        return request.to();
    }

    /** Whether the coordinator must be woken for what waits; false for who asks again before the coordinator has taken it. */
    boolean wake() {
        return !woken.getAndSet(true);
    }

    /** The requests that wait, in their order; they are the coordinator's now. */
    List<GroupCommand.Request<?>> take() {
        woken.set(false); // before it looks: a request that comes too late for it wakes the coordinator again
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

    /** Answers the requests whose time is up, given the time as {@link System#nanoTime}. */
    void failLate(long nanos) {
        Stream.concat(waiting.stream(), taken.stream()).filter(request -> request.isLate(nanos))
                .forEach(request -> request.fail(Errors.COORDINATOR_NOT_AVAILABLE));
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
        woken.set(false);
        taken.forEach(request -> request.fail(Errors.NOT_COORDINATOR));
    }

    /** The coordinator will not be here. */
    void failWaiting() {
        take().forEach(request -> request.fail(Errors.NOT_COORDINATOR));
    }
}
