package io.sluice.actors.controller;

import io.sluice.actors.controller.ControllerCommand.Follow;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.LiveImage;
import io.sluice.actors.image.MemberView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.ReachabilityEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Keeps one node's image: follows the controller's events and membership, and publishes each change. It says every few seconds what it has, so that
 * a message that got lost, a controller that moved, or one that started over is noticed and mended by a whole new copy; a gap or the controller's end
 * is noticed at once. It holds one copy of the metadata and at most one that is coming in.
 */
final class ImageFeed extends AbstractBehavior<Object> {

    private enum Say {
        AGAIN
    }

    private record ControllerGone(ActorRef<ControllerCommand> controller) {}

    private final ActorRef<ControllerCommand> proxy;
    private final ActorRef<FeedMessage> self;
    private final PublishedImages images;
    private final String selfDiskId;
    private final String selfAddress;
    private final Membership membership = new Membership();
    private final List<FeedMessage.Whole> incoming = new ArrayList<>();
    private ClusterMetadata metadata = ClusterMetadata.EMPTY;
    private long version = -1;
    private ActorRef<ControllerCommand> controller;
    private Map<Integer, Map<String, List<Integer>>> lagging = Map.of();

    private ImageFeed(ActorContext<Object> context, ActorRef<ControllerCommand> proxy, PublishedImages images,
            String selfDiskId) {
        super(context);
        this.proxy = proxy;
        this.images = images;
        this.selfDiskId = selfDiskId;
        this.self = context.getSelf().unsafeUpcast();
        Cluster cluster = Cluster.get(context.getSystem());
        this.selfAddress = cluster.selfMember().address().toString();
        cluster.subscriptions().tell(Subscribe.create(context.getSelf().unsafeUpcast(), MemberEvent.class));
        cluster.subscriptions().tell(Subscribe.create(context.getSelf().unsafeUpcast(), ReachabilityEvent.class));
    }

    /** The behaviour. It is told feed messages, membership events and its own; nothing else. */
    static Behavior<Object> create(ActorRef<ControllerCommand> proxy, PublishedImages images, String selfDiskId,
            ControllerSettings settings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Say.AGAIN, settings.followInterval());
            ImageFeed feed = new ImageFeed(context, proxy, images, selfDiskId);
            feed.follow();
            return feed;
        }));
    }

    @Override
    public Receive<Object> createReceive() {
        return newReceiveBuilder().onMessage(FeedMessage.Whole.class, this::onWhole)
                .onMessage(FeedMessage.Changes.class, this::onChanges).onMessage(FeedMessage.Lag.class, this::onLag)
                .onMessage(ClusterDomainEvent.class, this::onMembership).onMessage(Say.class, again -> {
                    follow();
                    return this;
                }).onMessage(ControllerGone.class, this::onControllerGone).build();
    }

    private Behavior<Object> onWhole(FeedMessage.Whole part) {
        if (part.part() == 0) {
            incoming.clear();
        }
        boolean otherVersion = !incoming.isEmpty() && incoming.getLast().version() != part.version();
        if (part.part() != incoming.size() || otherVersion) {
            incoming.clear();
            return this;
        }
        incoming.add(part);
        if (incoming.size() == part.parts()) {
            List<ControllerEvent> events = incoming.stream().flatMap(each -> each.events().stream()).toList();
            metadata = new ControllerSnapshot(events).toMetadata();
            version = part.version();
            incoming.clear();
            watch(part.controller());
            publish();
        }
        return this;
    }

    private Behavior<Object> onChanges(FeedMessage.Changes changes) {
        if (changes.after() != version) {
            if (changes.version() > version) {
                follow();
            }
            return this;
        }
        for (ControllerEvent event : changes.events()) {
            metadata = event.applyTo(metadata);
        }
        version = changes.version();
        publish();
        return this;
    }

    private Behavior<Object> onLag(FeedMessage.Lag lag) {
        lagging = lag.reports();
        publish();
        return this;
    }

    private Behavior<Object> onMembership(ClusterDomainEvent event) {
        membership.onEvent(event);
        publish();
        return this;
    }

    private Behavior<Object> onControllerGone(ControllerGone gone) {
        if (gone.controller.equals(controller)) {
            controller = null;
            publish();
            follow();
        }
        return this;
    }

    private void watch(ActorRef<ControllerCommand> now) {
        if (!now.equals(controller)) {
            if (controller != null) {
                getContext().unwatch(controller);
            }
            controller = now;
            getContext().watchWith(now, new ControllerGone(now));
        }
    }

    private void follow() {
        proxy.tell(new Follow(self, version));
    }

    private void publish() {
        images.publish(LiveImage.of(metadata, Math.max(version, 0), selfDiskId,
                new MemberView(membership.alive(), controllerAddress(), lagging)));
    }

    private String controllerAddress() {
        if (controller == null) {
            return null;
        }
        var address = controller.path().address();
        return address.hasLocalScope() ? selfAddress : address.toString();
    }
}
