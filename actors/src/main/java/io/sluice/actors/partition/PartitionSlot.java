package io.sluice.actors.partition;

import io.sluice.actors.config.TopicSettings;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionSlots.Context;
import io.sluice.actors.placement.Placement;
import io.sluice.persistence.log.BatchHeader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.ActorRef;

/**
 * What this node's edge knows of one partition: whether its actor is up, who waits for it to come up, and how much waits to be stored. Safe for any
 * thread.
 *
 * <pre>
 * resting --use--> starting --activated--> active --deactivated--> resting
 *                     |
 *                     +-- failed, or too late --> resting, with a pause before the next start
 * </pre>
 *
 * Appends that come while the actor starts wait here, not in the shard region, so that none overtakes another: they are handed over before the
 * reference to the actor is published, and from then on every append goes to the actor straight.
 */
final class PartitionSlot {
    private static final String STOPPING = "the node is stopping";

    private final PartitionRef ref;
    private final Context context;
    private final InFlight inFlight = new InFlight();
    /** Written under the lock, read without. */
    private volatile Active active;
    /** Of {@link Context#tick}; races only make a partition rest a little later or earlier. */
    private volatile int lastUsed;

    /** What the log was configured with last. Used by {@link TopicFollower} alone. */
    private TopicSettings configured;

    // guarded by this
    private Starting starting;
    private boolean retired;
    private int failures;
    private long notBeforeNanos;
    private Errors pauseError;

    private record Active(ActivePartition partition, ActorRef entity) {}

    private record Starting(CompletableFuture<ActivePartition> promise, Queue<Append> waiting, Activate message,
            long deadlineNanos) {

        void fail(Errors error, String message) {
            promise.completeExceptionally(error.exception(message));
            waiting.forEach(append -> append.fail(error, message));
        }
    }

    PartitionSlot(PartitionRef ref, Context context) {
        this.ref = ref;
        this.context = context;
        lastUsed = context.tick();
    }

    PartitionRef ref() {
        return ref;
    }

    /** The partition if it is active; counts as use. */
    ActivePartition use() {
        touch();
        return peek();
    }

    /** The partition if it is active; does not count as use. */
    ActivePartition peek() {
        Active now = active;
        return now == null ? null : now.partition();
    }

    /** Reserves room for a batch; what is reserved is given back by {@link Append#complete}. */
    boolean reserve(int bytes) {
        return inFlight.reserve(bytes, context.settings().inFlightAppendsMax(), context.settings().inFlightBytesMax());
    }

    void release(int bytes) {
        inFlight.release(bytes);
    }

    /** Notes that a batch will not be stored, or that nobody knows; before its producer hears of it. */
    void refused(BatchHeader batch) {
        context.refused().note(ref, batch, context.nanoTime());
    }

    /**
     * Hands an append to the actor, now or when it is up. Room must have been reserved.
     *
     * @param topic the partition's topic, which tells where the actor belongs
     * @return false if the slot was retired: take a new one
     */
    boolean append(Append append, TopicImage topic) {
        touch();
        Active now = active;
        if (now != null) {
            context.handedOver().tell(now.entity(), append);
            return true;
        }
        return appendLater(append, Placement.shardId(topic.replicas().get(ref.partition())));
    }

    private boolean appendLater(Append append, String shardId) {
        Refusal refused = null;
        synchronized (this) {
            if (retired) {
                return false;
            }
            if (active != null) {
                context.handedOver().tell(active.entity(), append);
            } else {
                refused = whyNotStarted();
                if (refused == null) {
                    startIfResting(shardId);
                    starting.waiting().add(append);
                }
            }
        }
        if (refused != null) {
            append.fail(refused.error(), refused.message());
        }
        return true;
    }

    /** Why no actor is started now, or null if one may be. */
    private Refusal whyNotStarted() {
        if (context.isClosed()) {
            return new Refusal(Errors.NOT_LEADER_OR_FOLLOWER, STOPPING);
        }
        return isPausing()
                ? new Refusal(pauseError, "partition " + ref + " failed a moment ago and will be started again")
                : null;
    }

    private record Refusal(Errors error, String message) {}

    /**
     * Starts the actor if it is not up.
     *
     * @return what completes with the partition, or null if the slot was retired: take a new one
     */
    CompletionStage<ActivePartition> activate(String shardId) {
        touch();
        synchronized (this) {
            if (retired) {
                return null;
            }
            if (active != null) {
                return CompletableFuture.completedFuture(active.partition());
            }
            Refusal refused = whyNotStarted();
            if (refused != null) {
                return CompletableFuture.failedFuture(refused.error().exception(refused.message()));
            }
            startIfResting(shardId);
            return starting.promise();
        }
    }

    private void startIfResting(String shardId) {
        if (starting == null) {
            Activate message = new Activate(ref.persistenceId(), shardId);
            starting = new Starting(new CompletableFuture<>(), new ArrayDeque<>(), message,
                    context.nanoTime() + context.settings().activationTimeout().toNanos());
            context.start(message);
        }
    }

    private boolean isPausing() {
        return failures > 0 && context.nanoTime() - notBeforeNanos < 0;
    }

    /**
     * The actor is up. It gets all appends that wait, then any that come.
     *
     * @return false if the slot was retired: take a new one
     */
    boolean activated(ActivePartition partition, ActorRef entity) {
        Starting started;
        synchronized (this) {
            if (retired) {
                return false;
            }
            started = starting;
            starting = null;
            if (started != null) {
                started.waiting().forEach(append -> context.handedOver().tell(entity, append));
            }
            active = new Active(partition, entity);
        }
        touch();
        if (started != null) {
            started.promise().complete(partition);
        }
        return true;
    }

    /**
     * Takes the actor out if nobody used it for long and nothing is on its way to it.
     *
     * <p>An append first reserves room and then looks for the actor, and here it is the other way round: so either the append is seen here, or it
     * does not see the actor.
     */
    synchronized boolean deactivateIfIdle(ActorRef entity) {
        Active now = active;
        if (now == null || !now.entity().equals(entity) || !isIdle()) {
            return false;
        }
        active = null;
        if (!inFlight.isEmpty()) {
            active = now;
            return false;
        }
        return true;
    }

    boolean isIdle() {
        return context.tick() - lastUsed >= context.passivateAfterTicks() && inFlight.isEmpty();
    }

    /** The actor takes no more appends. */
    synchronized void deactivated(ActorRef entity) {
        if (active != null && active.entity().equals(entity)) {
            active = null;
        }
    }

    /** The actor stored something: earlier failures are forgiven. */
    synchronized void forgive() {
        failures = 0;
    }

    /** The actor failed while it was up: the next start waits a little. */
    synchronized void failedActive(ActorRef entity, Errors error) {
        deactivated(entity);
        pause(error);
    }

    /** The actor could not start. */
    void failedStart(Errors error, String message) {
        Starting failed;
        synchronized (this) {
            failed = starting;
            starting = null;
            pause(error);
        }
        if (failed != null) {
            failed.fail(error, message);
        }
    }

    private void pause(Errors error) {
        Duration min = context.settings().restartBackoffMin();
        long doubled = min.toMillis() << Math.min(failures, 16);
        long pauseMs = Math.min(doubled, context.settings().restartBackoffMax().toMillis());
        failures++;
        notBeforeNanos = context.nanoTime() + Duration.ofMillis(pauseMs).toNanos();
        pauseError = error;
    }

    /**
     * Looks after a slow start: asks again, as the first message may have met a stopping actor, and gives up in the end; or at once if another node leads
     * now, which answers whoever waits here.
     *
     * @param refusal why a partition is not to be started on this node, NONE if it is
     */
    void checkStart(Function<PartitionRef, Errors> refusal) {
        boolean late = false;
        Starting moved = null;
        Errors error = Errors.NONE;
        synchronized (this) {
            if (starting != null) {
                error = refusal.apply(ref);
                late = context.nanoTime() - starting.deadlineNanos() >= 0;
                if (error != Errors.NONE) {
                    moved = starting;
                    starting = null;
                } else if (!late) {
                    context.start(starting.message());
                }
            }
        }
        if (moved != null) {
            moved.fail(error, "partition " + ref + " is not led here any more");
        } else if (late) {
            failedStart(Errors.NOT_LEADER_OR_FOLLOWER, "partition " + ref + " did not start in time");
        }
    }

    /** Whether these settings are new to the active partition's log. */
    @SuppressWarnings("ReferenceEquality") // unchanged settings come from a cache as the same instance
    boolean configure(TopicSettings settings) {
        boolean changed = configured != settings;
        configured = settings;
        return changed;
    }

    /** Asks an active partition's actor something. */
    void ifActive(Consumer<ActorRef> ask) {
        Active now = active;
        if (now != null) {
            ask.accept(now.entity());
        }
    }

    /** Ends the slot's use if it rests, so that it can be dropped without losing an append. */
    synchronized boolean retireIfResting() {
        if (active == null && starting == null && !isPausing() && inFlight.isEmpty()) {
            retired = true;
        }
        return retired;
    }

    /** Fails whatever waits; the node is stopping. */
    void close() {
        failedStart(Errors.NOT_LEADER_OR_FOLLOWER, STOPPING);
    }

    private void touch() {
        int tick = context.tick();
        if (lastUsed != tick) {
            lastUsed = tick;
        }
    }

}
