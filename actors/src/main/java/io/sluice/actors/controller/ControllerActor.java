package io.sluice.actors.controller;

import io.sluice.actors.controller.ControllerCommand.DescribeQuorum;
import io.sluice.actors.controller.ControllerCommand.Follow;
import io.sluice.actors.controller.ControllerCommand.FollowerGone;
import io.sluice.actors.controller.ControllerCommand.ReportLag;
import io.sluice.actors.controller.ControllerCommand.ReviewReplicas;
import io.sluice.actors.controller.ControllerCommand.Submit;
import io.sluice.actors.controller.ControllerEvent.MetadataReplicasChanged;
import io.sluice.actors.image.NodeImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's actor: persists what {@link ControllerState} decides, answers, and tells the nodes that follow. One at a time in the cluster, by the
 * Cluster Singleton; were there ever two, the journal's fencing would let one of them persist only.
 *
 * <p>If persisting fails, the outcome of that request is unknown: the actor starts over from the journal, and the asking node's time-out answers.
 */
final class ControllerActor extends EventSourcedBehavior<ControllerCommand, ControllerEvent, ControllerState> {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerActor.class);
    static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId(ControllerNode.LOG);

    private final ActorContext<ControllerCommand> context;
    private final ControllerSettings settings;
    private final Supplier<Set<String>> alive;
    private final MetadataReplication replication;
    private final Set<ActorRef<FeedMessage>> followers = new HashSet<>();
    /** When a replica of the own log was first missed, by its disk. */
    private final Map<String, Long> missedSince = new HashMap<>();

    private final ClusterBalance balance;
    /** What each node says of the replicas that lag; gone with this actor, and said again. */
    private final Map<Integer, Map<String, List<Integer>>> lag = new HashMap<>();

    private ControllerActor(ActorContext<ControllerCommand> context, ControllerSettings settings,
            Supplier<Set<String>> alive, MetadataReplication replication, BalanceSettings balance) {
        super(PERSISTENCE_ID, SupervisorStrategy.restartWithBackoff(settings.restartBackoffMin(),
                settings.restartBackoffMax(), 0.1).withLoggingEnabled(false));
        this.context = context;
        this.settings = settings;
        this.alive = alive;
        this.replication = replication;
        this.balance = new ClusterBalance(balance);
    }

    /**
     * The behaviour.
     *
     * @param alive cluster addresses of the nodes that are up and reachable, asked on the actor's thread at each request
     * @param replication of this actor's own log
     * @param balance how partitions move by themselves
     */
    static Behavior<ControllerCommand> create(ControllerSettings settings, Supplier<Set<String>> alive,
            MetadataReplication replication, BalanceSettings balance) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new ReviewReplicas(), settings.replicaReviewInterval());
            return new ControllerActor(context, settings, alive, replication, balance);
        }));
    }

    @Override
    public ControllerState emptyState() {
        return ControllerState.EMPTY;
    }

    @Override
    public CommandHandler<ControllerCommand, ControllerEvent, ControllerState> commandHandler() {
        var builder = newCommandHandlerBuilder();
        // the log says first of all which replicas it has: without that nobody could ever claim it again
        builder.forState(state -> state.metadata().metadataReplicas().isEmpty()).onAnyCommand(this::foundLog);
        builder.forAnyState().onCommand(Submit.class, this::onSubmit).onCommand(Follow.class, this::onFollow)
                .onCommand(DescribeQuorum.class, this::onDescribeQuorum).onCommand(ReportLag.class, this::onReportLag)
                .onCommand(FollowerGone.class, this::onFollowerGone).onCommand(ReviewReplicas.class, this::onReview);
        return builder.build();
    }

    @Override
    public EventHandler<ControllerState, ControllerEvent> eventHandler() {
        return ControllerState::apply;
    }

    @Override
    public SignalHandler<ControllerState> signalHandler() {
        // too few replicas for the moment, or another claim under way: it starts over by itself, so one line is enough
        return newSignalHandlerBuilder().onSignal(RecoveryFailed.class, (state, failed) -> {
            Throwable cause = failed.getFailure();
            LOG.info("the controller cannot start yet: {}",
                    cause.getCause() == null ? cause.getMessage() : cause.getCause().getMessage());
        }).build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), 2);
    }

    @Override
    public SnapshotAdapter<ControllerState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(ControllerState state) {
                return ControllerSnapshot.of(state.metadata());
            }

            @Override
            public ControllerState fromJournal(Object from) {
                return new ControllerState(((ControllerSnapshot) from).toMetadata());
            }
        };
    }

    private Effect<ControllerEvent, ControllerState> foundLog(ControllerCommand first) {
        return Effect().persist(new MetadataReplicasChanged(List.of(replication.self())))
                .thenRun(() -> context.getSelf().tell(first));
    }

    private Effect<ControllerEvent, ControllerState> onReview(ControllerState state, ReviewReplicas review) {
        List<ControllerEvent> events = new ArrayList<>(ownReplicasChange(state));
        if (events.isEmpty()) {
            List<Controller.NewReplicas> moves = balance.next(state.metadata(), alive.get(), System.nanoTime());
            if (!moves.isEmpty()) {
                LOG.info("balance: {} partition(s) begin to move", moves.size());
                events.addAll(state.decide(new ControllerRequest.AlterReassignments(moves, true), decisionContext())
                        .events());
            }
        }
        return events.isEmpty() ? Effect().none() : persist(events, () -> {
        });
    }

    private List<ControllerEvent> ownReplicasChange(ControllerState state) {
        List<String> now = state.metadata().metadataReplicas();
        List<String> living = livingDisks(state);
        missedSince.keySet().retainAll(now);
        missedSince.keySet().removeAll(living);
        now.stream().filter(disk -> !living.contains(disk))
                .forEach(disk -> missedSince.putIfAbsent(disk, System.nanoTime()));
        List<String> next = MetadataReplicaPlan.next(now, living, this::isLost, disk -> isDrained(state, disk));
        boolean ready = true;
        for (String disk : next) {
            if (!now.contains(disk)) {
                replication.learn(disk);
                ready = replication.isCaughtUp(disk);
            }
        }
        return next.equals(now) || !ready || !replication.mayChangeTo(next)
                ? List.of()
                : List.of(new MetadataReplicasChanged(next));
    }

    private Effect<ControllerEvent, ControllerState> onDescribeQuorum(ControllerState state, DescribeQuorum describe) {
        replication.progress().ifPresent(progress -> {
            Map<String, Integer> nodes = new HashMap<>();
            state.metadata().nodes().values().forEach(node -> nodes.put(node.diskId(), node.id()));
            List<MetadataQuorum.Voter> voters = state.metadata().metadataReplicas().stream()
                    .map(disk -> new MetadataQuorum.Voter(nodes.getOrDefault(disk, -1), disk,
                            progress.logEndOffsets().getOrDefault(disk, -1L)))
                    .toList();
            describe.replyTo().tell(new MetadataQuorum(nodes.getOrDefault(replication.self(), -1),
                    progress.leaderEpoch(), progress.highWatermark(), voters));
        });
        return Effect().none();
    }

    private List<String> livingDisks(ControllerState state) {
        Set<String> up = alive.get();
        return state.metadata().nodes().values().stream().filter(node -> up.contains(node.address()))
                .sorted(Comparator.comparingInt(NodeImage::id)).map(NodeImage::diskId).toList();
    }

    private static boolean isDrained(ControllerState state, String disk) {
        return state.metadata().nodes().values().stream().anyMatch(
                node -> node.diskId().equals(disk) && ClusterBalance.isDraining(state.metadata(), node.id()));
    }

    private boolean isLost(String disk) {
        Long since = missedSince.get(disk);
        return since != null && System.nanoTime() - since >= settings.replicaLostAfter().toNanos();
    }

    private Effect<ControllerEvent, ControllerState> onSubmit(ControllerState state, Submit submit) {
        Decision decision = state.decide(submit.request(), decisionContext());
        if (decision.events().isEmpty()) {
            submit.replyTo().tell(new ControllerAnswer(version(), decision.items()));
            return Effect().none();
        }
        return persist(decision.events(),
                () -> submit.replyTo().tell(new ControllerAnswer(version(), decision.items())));
    }

    private DecisionContext decisionContext() {
        return new DecisionContext(alive.get(), Uuid::randomUuid, settings.maxPartitionsPerRequest());
    }

    private Effect<ControllerEvent, ControllerState> persist(List<ControllerEvent> events, Runnable stored) {
        long before = version();
        return Effect().persist(events).thenRun(() -> {
            tellFollowers(new FeedMessage.Changes(before, version(), events));
            stored.run();
            events.forEach(ControllerActor::log);
        });
    }

    /** One line for a topic that comes or goes, however many logs that are; each node's part of it is at DEBUG. */
    private static void log(ControllerEvent event) {
        switch (event) {
            case ControllerEvent.TopicCreated created -> LOG.info("created topic {}: {} partition(s) of {} replica(s)",
                    created.name(), created.replicas().size(), created.replicas().getFirst().size());
            case ControllerEvent.TopicDeleted deleted -> LOG.info("deleted topic {}", deleted.name());
            default -> {
            }
        }
    }

    private Effect<ControllerEvent, ControllerState> onFollow(ControllerState state, Follow follow) {
        boolean isNew = followers.add(follow.follower());
        if (isNew) {
            context.watchWith(follow.follower(), new FollowerGone(follow.follower()));
        }
        if (isNew || follow.version() != version()) {
            SnapshotParts.of(state.metadata(), version(), context.getSelf()).forEach(follow.follower()::tell);
            follow.follower().tell(new FeedMessage.Lag(Map.copyOf(lag)));
        }
        return Effect().none();
    }

    private Effect<ControllerEvent, ControllerState> onReportLag(ReportLag report) {
        Map<String, List<Integer>> before = report.lagging().isEmpty()
                ? lag.remove(report.node())
                : lag.put(report.node(), report.lagging());
        if (!report.lagging().equals(before == null ? Map.of() : before)) {
            tellFollowers(new FeedMessage.Lag(Map.copyOf(lag)));
        }
        return Effect().none();
    }

    private Effect<ControllerEvent, ControllerState> onFollowerGone(FollowerGone gone) {
        followers.remove(gone.follower());
        return Effect().none();
    }

    private void tellFollowers(FeedMessage message) {
        List.copyOf(followers).forEach(follower -> follower.tell(message));
    }

    private long version() {
        return lastSequenceNumber(context);
    }
}
