package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.image.ClusterImage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.event.Level;

/**
 * The actor around a {@link GroupRegistry}: stores its events, gives its answers once they are stored, and wakes it at its deadlines.
 */
final class GroupCoordinator extends EventSourcedBehavior<GroupCommand, GroupEvent, GroupRegistry> {
    private static final Duration OFFSET_EXPIRY_INTERVAL = Duration.ofMinutes(10);
    private static final int EVENTS_PER_SNAPSHOT = 1000;
    private static final int SNAPSHOTS_KEPT = 2;

    private final GroupSettings settings;
    private final Supplier<ClusterImage> image;
    private final Clock clock;
    private final TimerScheduler<GroupCommand> timers;
    private final Outstanding outstanding;
    private final ActorRef<GroupCommand> self;
    private final Batching batching = new Batching();
    private boolean pausing;
    private long wakeAtMs = Long.MAX_VALUE;
    private boolean recovered;

    private GroupCoordinator(PersistenceId id, GroupSettings settings, Supplier<ClusterImage> image, Clock clock,
            TimerScheduler<GroupCommand> timers,
            Outstanding outstanding, ActorRef<GroupCommand> self) {
        super(id);
        this.self = self;
        this.settings = settings;
        this.image = image;
        this.clock = clock;
        this.timers = timers;
        this.outstanding = outstanding;
    }

    /**
     * @param id the coordinator's persistence id
     * @param image the cluster as of now
     * @param outstanding the requests to this coordinator
     */
    static Behavior<GroupCommand> create(PersistenceId id, GroupSettings settings, Supplier<ClusterImage> image,
            Clock clock,
            Outstanding outstanding) {
        // Too few replicas for the moment, or another claim under way: it is no error. It stops rather than starting over in place, because a decision
        // changes the registry before it is stored, and what could not be stored must not be there any more. Whoever has requests wakes a new one.
        return Behaviors.supervise(Behaviors.<GroupCommand>setup(context -> Behaviors.withTimers(
                timers -> new GroupCoordinator(id, settings, image, clock, timers, outstanding, context.getSelf()))))
                .onFailure(RuntimeException.class, SupervisorStrategy.stop().withLogLevel(Level.WARN));
    }

    @Override
    public GroupRegistry emptyState() {
        return new GroupRegistry(settings, image);
    }

    @Override
    public CommandHandler<GroupCommand, GroupEvent, GroupRegistry> commandHandler() {
        return (registry, command) -> {
            Effects effects = new Effects();
            long now = clock.millis();
            switch (command) {
                case GroupCommand.Tick.WAKE -> {
                    if (pause()) {
                        return Effect().none();
                    }
                    take(registry, now, effects);
                }
                case GroupCommand.Tick.TAKE -> {
                    pausing = false;
                    take(registry, now, effects);
                }
                case GroupCommand.Tick.DEADLINE -> {
                    wakeAtMs = Long.MAX_VALUE;
                    registry.onTime(now, effects);
                }
                case GroupCommand.Tick.EXPIRE_OFFSETS -> registry.expireOffsets(now, effects);
            }
            wakeInTime(registry, now);
            if (effects.events().isEmpty()) {
                effects.release();
                return Effect().none();
            }
            return Effect().persist(effects.events()).thenRun(effects::release);
        };
    }

    /** Begins a pause if there is to be one; returns whether one is under way. */
    private boolean pause() {
        long pauseNanos = pausing ? 0 : batching.pauseNanos(System.nanoTime());
        if (pauseNanos > 0) {
            pausing = true;
            // not a timer of the actor's: those of a node are coarser by ten times and more, see sluice-node.conf
            CompletableFuture.delayedExecutor(pauseNanos, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> self.tell(GroupCommand.Tick.TAKE));
        }
        return pausing;
    }

    private void take(GroupRegistry registry, long now, Effects effects) {
        List<GroupCommand.Request<?>> requests = outstanding.take();
        batching.taken(requests.size(), System.nanoTime());
        requests.forEach(request -> request.decide(registry, now, effects));
    }

    @Override
    public EventHandler<GroupRegistry, GroupEvent> eventHandler() {
        return (registry, event) -> {
            // a live decision has changed the registry already; see GroupRegistry.apply
            if (!recovered) {
                registry.apply(event);
            }
            return registry;
        };
    }

    @Override
    public SignalHandler<GroupRegistry> signalHandler() {
        return newSignalHandlerBuilder().onSignal(RecoveryCompleted.class, (registry, signal) -> {
            recovered = true;
            registry.recovered(clock.millis());
            wakeInTime(registry, clock.millis());
            timers.startTimerWithFixedDelay(GroupCommand.Tick.EXPIRE_OFFSETS, GroupCommand.Tick.EXPIRE_OFFSETS,
                    OFFSET_EXPIRY_INTERVAL);
        }).onSignal(PostStop.class, (registry, signal) -> outstanding.failTaken()).build();
    }

    @Override
    public SnapshotAdapter<GroupRegistry> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(GroupRegistry registry) {
                return new GroupSnapshot(registry.toEvents());
            }

            @Override
            public GroupRegistry fromJournal(Object from) {
                GroupRegistry registry = emptyState();
                ((GroupSnapshot) from).events().forEach(registry::apply);
                return registry;
            }
        };
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        // a snapshot is saved once a majority of the replicas has it, so the next coordinator finds it wherever it runs
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT).withDeleteEventsOnSnapshot();
    }

    private void wakeInTime(GroupRegistry registry, long now) {
        long next = registry.nextDeadlineMs();
        // an early wake-up costs a message; moving the timer at every heartbeat would cost more
        if (next < wakeAtMs) {
            wakeAtMs = next;
            timers.startSingleTimer(GroupCommand.Tick.DEADLINE, GroupCommand.Tick.DEADLINE,
                    Duration.ofMillis(Math.max(1, next - now)));
        }
    }
}
