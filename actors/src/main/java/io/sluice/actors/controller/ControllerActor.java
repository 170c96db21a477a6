package io.sluice.actors.controller;

import io.sluice.actors.controller.ControllerCommand.Follow;
import io.sluice.actors.controller.ControllerCommand.FollowerGone;
import io.sluice.actors.controller.ControllerCommand.Submit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/**
 * The controller's actor: persists what {@link ControllerState} decides, answers, and tells the nodes that follow. One at a time in the cluster, by the
 * Cluster Singleton; were there ever two, the journal's fencing would let one of them persist only.
 *
 * <p>If persisting fails, the outcome of that request is unknown: the actor starts over from the journal, and the asking node's time-out answers.
 */
final class ControllerActor extends EventSourcedBehavior<ControllerCommand, ControllerEvent, ControllerState> {

    static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("controller");

    private final ActorContext<ControllerCommand> context;
    private final ControllerSettings settings;
    private final Supplier<Set<String>> alive;
    private final Set<ActorRef<FeedMessage>> followers = new HashSet<>();

    private ControllerActor(ActorContext<ControllerCommand> context, ControllerSettings settings,
            Supplier<Set<String>> alive) {
        super(PERSISTENCE_ID, SupervisorStrategy.restartWithBackoff(settings.restartBackoffMin(),
                settings.restartBackoffMax(), 0.1));
        this.context = context;
        this.settings = settings;
        this.alive = alive;
    }

    /**
     * The behaviour.
     *
     * @param alive cluster addresses of the nodes that are up and reachable, asked on the actor's thread at each request
     */
    static Behavior<ControllerCommand> create(ControllerSettings settings, Supplier<Set<String>> alive) {
        return Behaviors.setup(context -> new ControllerActor(context, settings, alive));
    }

    @Override
    public ControllerState emptyState() {
        return ControllerState.EMPTY;
    }

    @Override
    public CommandHandler<ControllerCommand, ControllerEvent, ControllerState> commandHandler() {
        return newCommandHandlerBuilder().forAnyState().onCommand(Submit.class, this::onSubmit)
                .onCommand(Follow.class, this::onFollow).onCommand(FollowerGone.class, this::onFollowerGone).build();
    }

    @Override
    public EventHandler<ControllerState, ControllerEvent> eventHandler() {
        return ControllerState::apply;
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

    private Effect<ControllerEvent, ControllerState> onSubmit(ControllerState state, Submit submit) {
        Decision decision = state.decide(submit.request(),
                new DecisionContext(alive.get(), Uuid::randomUuid, settings.maxPartitionsPerRequest()));
        if (decision.events().isEmpty()) {
            submit.replyTo().tell(new ControllerAnswer(version(), decision.items()));
            return Effect().none();
        }
        long before = version();
        return Effect().persist(decision.events()).thenRun(() -> {
            tellFollowers(new FeedMessage.Changes(before, version(), decision.events()));
            submit.replyTo().tell(new ControllerAnswer(version(), decision.items()));
        });
    }

    private Effect<ControllerEvent, ControllerState> onFollow(ControllerState state, Follow follow) {
        boolean isNew = followers.add(follow.follower());
        if (isNew) {
            context.watchWith(follow.follower(), new FollowerGone(follow.follower()));
        }
        if (isNew || follow.version() != version()) {
            SnapshotParts.of(state.metadata(), version(), context.getSelf()).forEach(follow.follower()::tell);
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
