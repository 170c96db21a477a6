package io.sluice.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.actors.controller.ControllerCommand.Follow;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The feed against a controller that the test plays. */
class ImageFeedTest {

    private static final ActorTestKit KIT = ActorTestKit.create("feed", ConfigFactory.parseString("""
            pekko.loglevel = WARNING
            pekko.actor.provider = cluster
            pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
            sluice.controller.follow-interval = 1 h
            """).withFallback(ConfigFactory.load()));
    private static final Cluster CLUSTER = Cluster.get(KIT.system());

    private final PublishedImages images = new PublishedImages("disk");
    private final TestProbe<ControllerCommand> controller = KIT.createTestProbe();
    private ActorRef<FeedMessage> feed;

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void start() {
        CLUSTER.manager().tell(new Join(CLUSTER.selfMember().address()));
        KIT.spawn(ImageFeed.create(controller.getRef(), images, "disk",
                ControllerSettings.of(KIT.system().settings().config())));
        Follow first = controller.expectMessageClass(Follow.class);
        assertThat(first.version()).as("it has nothing yet").isEqualTo(-1);
        feed = first.follower();
    }

    @Test
    void shouldFollowChangesInOrder() {
        whole(2, 0, 1, node(), topic("a"));
        changes(2, 4, topic("b"), topic("c"));

        awaitVersion(4);
        assertThat(image().topics()).extracting(TopicImage::name).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(image().selfId()).isZero();
        controller.expectNoMessage();
    }

    @Test
    void shouldTakeAWholeOnlyOnceAllItsPartsAreThere() {
        whole(2, 0, 2, node());
        changes(0, 1, topic("never"));
        whole(2, 1, 2, topic("a"));

        awaitVersion(2);
        assertThat(image().topics()).extracting(TopicImage::name).containsExactly("a");
    }

    @Test
    void shouldNotMixPartsOfTwoWholes() {
        whole(2, 0, 2, node(), topic("old"));
        whole(3, 1, 2, topic("new"));
        changes(-1, 1, node());
        awaitVersion(1);

        assertThat(image().topics()).isEmpty();
    }

    @Test
    void shouldAskForAWholeWhenChangesAreMissingAndIgnoreThoseThatItHas() {
        whole(5, 0, 1, node());
        changes(3, 4, topic("had"));
        changes(7, 8, topic("late"));

        assertThat(controller.expectMessageClass(Follow.class).version()).isEqualTo(5);
        assertThat(image().topics()).isEmpty();
        whole(8, 0, 1, node(), topic("late"));
        awaitVersion(8);
    }

    @Test
    void shouldFollowTheNextControllerWhenOneEnds() {
        TestProbe<ControllerCommand> running = KIT.createTestProbe();
        feed.tell(new FeedMessage.Whole(5, 0, 1, List.of(node()), running.getRef()));
        Awaitility.await().until(() -> image().controllerId() == 0);

        running.stop();

        assertThat(controller.expectMessageClass(Follow.class).version()).isEqualTo(5);
        assertThat(image().controllerId()).isEqualTo(-1);
        assertThat(image().nodes()).containsOnlyKeys(0);
    }

    private void whole(long version, int part, int parts, ControllerEvent... events) {
        feed.tell(new FeedMessage.Whole(version, part, parts, List.of(events), controller.getRef()));
    }

    private void changes(long after, long version, ControllerEvent... events) {
        feed.tell(new FeedMessage.Changes(after, version, List.of(events)));
    }

    private void awaitVersion(long version) {
        Awaitility.await().until(() -> image().version() == version);
    }

    private ClusterImage image() {
        return images.current();
    }

    private static ControllerEvent node() {
        return new ControllerEvent.NodeRegistered(0, "disk", "127.0.0.1", 9092, null,
                CLUSTER.selfMember().address().toString());
    }

    private static ControllerEvent topic(String name) {
        return new ControllerEvent.TopicCreated(new Uuid(1, name.hashCode()).toString(), name, List.of(List.of(0)),
                Map.of());
    }
}
