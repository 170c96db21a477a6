package io.sluice.streams.node;

import io.sluice.streams.javadsl.Consumer.DrainingControl;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream of an application: run, run again after a failure if that is wanted, and drained once. Safe for any thread. */
final class RunningStream {

    private static final Logger LOG = LoggerFactory.getLogger(RunningStream.class);
    /** Keeps streams that compute for long, or block against the advice, off the dispatchers that the node itself works on. */
    private static final String DISPATCHER = "sluice.streams.dispatcher";

    private final String name;
    private final RunnableGraph<? extends DrainingControl<?>> graph;
    private final ActorSystem system;
    private final Restarts restarts;

    // guarded by this
    private DrainingControl<?> running;
    private Cancellable restart;
    private boolean drained;

    RunningStream(String name, RunnableGraph<? extends DrainingControl<?>> graph, ActorSystem system,
            Restarts restarts) {
        this.name = name;
        this.graph = graph.addAttributes(ActorAttributes.dispatcher(DISPATCHER));
        this.system = system;
        this.restarts = restarts;
    }

    /** Runs it, unless it is drained already. */
    synchronized void start() {
        if (drained) {
            return;
        }
        long begun = System.nanoTime();
        try {
            running = graph.run(system);
        } catch (RuntimeException e) {
            failed(e, Duration.ZERO);
            return;
        }
        running.streamCompletion().whenComplete((result, failure) -> {
            if (failure == null) {
                completed();
            } else {
                failed(failure, Duration.ofNanos(System.nanoTime() - begun));
            }
        });
    }

    private synchronized void completed() {
        if (!drained) {
            LOG.info("{} has completed", name);
        }
    }

    private synchronized void failed(Throwable failure, Duration ran) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        running = null;
        Optional<Duration> pause = drained ? Optional.empty() : restarts.failedAfter(ran);
        LOG.error("{} failed: {}; {}", name, cause,
                pause.map(wait -> "it starts again in " + wait.toMillis() + " ms").orElse(
                        drained ? "it is stopped" : "it stays stopped (see sluice.streams.restart.enabled)"));
        LOG.debug("{} failed", name, cause);
        pause.ifPresent(
                wait -> restart = system.scheduler().scheduleOnce(wait, this::start, system.dispatcher()));
    }

    /** Has it take nothing more, and completes once all that it took is done, or it failed. Never fails. */
    synchronized CompletionStage<?> drain() {
        drained = true;
        if (restart != null) {
            restart.cancel();
        }
        return running == null
                ? CompletableFuture.completedStage(null)
                : running.drainAndShutdown(system.dispatcher()).handle((result, failure) -> null);
    }
}
