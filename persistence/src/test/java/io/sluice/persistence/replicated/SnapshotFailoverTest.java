package io.sluice.persistence.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessagesFailure;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A persistent actor that deletes the events in front of its snapshots, and what another node knows of it. */
class SnapshotFailoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;
    private SnapshotNodes snapshots;

    @BeforeEach
    void start() {
        snapshots = new SnapshotNodes(directory);
    }

    @AfterEach
    void stop() {
        snapshots.close();
    }

    @Test
    void whatItsDeletedEventsSaidIsKnownElsewhere() {
        ActorRef<Count> first = counter(0);
        count(0, first, 23);
        await().untilAsserted(() -> assertThat(deletedTo(1)).isPositive());
        snapshots.stop(0);

        assertThat(count(1, counter(1), 1)).isEqualTo(24);
        assertThat(deletedTo(1)).isPositive();
    }

    @Test
    void noEventIsDeletedIfItsSnapshotIsNotOnAMajority() throws IOException {
        ActorRef<Count> counter = counter(0);
        count(0, counter, 1);
        Files.writeString(directory.resolve("node-1/snapshots"), "no directory");
        Files.writeString(directory.resolve("node-2/snapshots"), "no directory");

        // the journal would delete what is before the second snapshot before it stores the last event
        assertThat(count(0, counter, 11)).isEqualTo(12);
        assertThat(deletedTo(0)).isZero();
    }

    @Test
    void noStateIsMadeOfEventsBehindAGap() throws IOException {
        count(0, counter(0), 23);
        await().untilAsserted(() -> assertThat(deletedTo(1)).isPositive());
        snapshots.stop(0);

        TestKit probe = new TestKit(snapshots.system(1));
        Persistence.get(snapshots.system(1)).journalFor(null, ConfigFactory.empty())
                .tell(new ReplayMessages(1, Long.MAX_VALUE, Long.MAX_VALUE, ThreeNodes.LOG, probe.getRef()),
                        probe.getRef());

        assertThat(probe.expectMsgClass(PATIENCE, ReplayMessagesFailure.class).cause())
                .hasMessageContaining("ends at event 0, but events are deleted up to");
    }

    private long deletedTo(int node) {
        return snapshots.nodes.log(node).view().deletedToSequenceNr();
    }

    private ActorRef<Count> counter(int node) {
        return Adapter.spawn(snapshots.system(node), Counter.of(), "counter");
    }

    /** Counts so often and returns the last answer. */
    private int count(int node, ActorRef<Count> counter, int times) {
        int last = 0;
        for (int i = 0; i < times; i++) {
            last = ThreeNodes.get(AskPattern.ask(counter, (ActorRef<Integer> me) -> new Count(me), PATIENCE,
                    Adapter.toTyped(snapshots.system(node)).scheduler()));
        }
        return last;
    }

    /** Asks for one more. */
    private record Count(ActorRef<Integer> replyTo) {}

    private static final class Counter extends EventSourcedBehavior<Count, String, Integer> {
        private Counter() {
            super(PersistenceId.ofUniqueId(ThreeNodes.LOG));
        }

        static Behavior<Count> of() {
            return new Counter();
        }

        @Override
        public Integer emptyState() {
            return 0;
        }

        @Override
        public CommandHandler<Count, String, Integer> commandHandler() {
            return (count, one) -> Effect().persist("one").thenReply(one.replyTo(), after -> after);
        }

        @Override
        public EventHandler<Integer, String> eventHandler() {
            return (count, one) -> count + 1;
        }

        @Override
        public RetentionCriteria retentionCriteria() {
            return RetentionCriteria.snapshotEvery(5, 1).withDeleteEventsOnSnapshot();
        }
    }
}
