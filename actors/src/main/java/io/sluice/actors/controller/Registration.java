package io.sluice.actors.controller;

import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.controller.ControllerRequest.RegisterNode;
import io.sluice.actors.controller.NodeRefusedException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers a node: asks again as long as that may help, and says every ten seconds what it waits for. Registering twice changes nothing, so a lost
 * message is simply sent again. Used once.
 */
final class Registration {

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    private static final Duration ATTEMPT = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration TELL_INTERVAL = Duration.ofSeconds(10);

    private final ActorSystem<?> system;
    private final ActorRef<ControllerCommand> controller;
    private final RegisterNode request;
    private final Duration twinTimeout;
    private final long deadline;
    private long tellNext = System.nanoTime() + TELL_INTERVAL.toNanos();
    private long twinSince = -1;

    /**
     * @param twinTimeout how long another node may seem to run with the same data directory
     * @param deadline when to give up, by {@link System#nanoTime}
     */
    Registration(ActorSystem<?> system, ActorRef<ControllerCommand> controller, RegisterNode request,
            Duration twinTimeout, long deadline) {
        this.system = system;
        this.controller = controller;
        this.request = request;
        this.twinTimeout = twinTimeout;
        this.deadline = deadline;
    }

    /** The node's id; fails with {@link NodeRefusedException} or, at the deadline, with a {@link TimeoutException}. */
    CompletionStage<Integer> run() {
        Duration timeout = ControllerAsk.clamp(left(deadline), Duration.ofMillis(1), ATTEMPT);
        return ControllerAsk.answer(system, controller, request, timeout).handle(this::next)
                .thenCompose(stage -> stage);
    }

    private CompletionStage<Integer> next(ControllerAnswer answer, Throwable error) {
        if (error != null) {
            Throwable cause = error instanceof CompletionException wrapped ? wrapped.getCause() : error;
            return cause instanceof TimeoutException
                    ? again("the controller does not answer; a majority of the nodes that hold the metadata must be up",
                            Duration.ZERO)
                    : CompletableFuture.failedStage(cause);
        }
        Item item = answer.items().getFirst();
        return switch (item.errors()) {
            case NONE -> CompletableFuture.completedStage(Math.toIntExact(item.number()));
            case NOT_CONTROLLER -> again(item.message(), PAUSE);
            case DUPLICATE_BROKER_REGISTRATION -> twin(item.message());
            case DUPLICATE_RESOURCE -> refused(Kind.TWIN, item.message());
            default -> refused(Kind.FOREIGN, item.message());
        };
    }

    private CompletionStage<Integer> twin(String message) {
        long now = System.nanoTime();
        twinSince = twinSince == -1 ? now : twinSince;
        return now - twinSince < twinTimeout.toNanos() ? again(message, PAUSE) : refused(Kind.TWIN, message);
    }

    private static CompletionStage<Integer> refused(Kind kind, String message) {
        return CompletableFuture.failedStage(new NodeRefusedException(kind, message));
    }

    private CompletionStage<Integer> again(String waitsFor, Duration pause) {
        long now = System.nanoTime();
        if (now - deadline >= 0) {
            return CompletableFuture.failedStage(new TimeoutException("not registered in time: " + waitsFor));
        }
        if (now - tellNext >= 0) {
            tellNext = now + TELL_INTERVAL.toNanos();
            LOG.info("waiting to be registered: {}", waitsFor);
        }
        return CompletableFuture
                .supplyAsync(this::run, CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS))
                .thenCompose(stage -> stage);
    }

    /** The time until a deadline, at least a millisecond. */
    static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }
}
