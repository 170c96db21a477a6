package io.sluice.persistence.journal;

import static io.sluice.persistence.journal.PluginRig.atomic;
import static io.sluice.persistence.journal.PluginRig.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.SluicePersistence;
import io.sluice.persistence.log.Log;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Persistence Query on the logs. */
class ReadJournalTest {
    private static final long ALL = Long.MAX_VALUE;

    @TempDir
    private Path dir;
    private PluginRig rig;
    private SluiceReadJournal queries;

    @BeforeEach
    void start() {
        rig = new PluginRig(dir, """
                sluice.persistence.query.refresh-interval = 50ms
                sluice.persistence.query.max-buffer-size = 4
                """);
        queries = PersistenceQuery.get(rig.system).getReadJournalFor(SluiceReadJournal.class,
                SluiceReadJournal.IDENTIFIER);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void currentEventsAreThoseThereWhenTheStreamStarts() throws Exception {
        rig.write("p", 1, 20);

        assertThat(payloads(queries.currentEventsByPersistenceId("p", 0, ALL))).hasSize(20).startsWith("a-1")
                .endsWith("a-20");
        assertThat(payloads(queries.currentEventsByPersistenceId("p", 7, 9))).containsExactly("a-7", "a-8", "a-9");
        assertThat(payloads(queries.currentEventsByPersistenceId("p", 21, ALL))).isEmpty();
        assertThat(payloads(queries.currentEventsByPersistenceId("p", 9, 7))).isEmpty();
        assertThat(payloads(queries.currentEventsByPersistenceId("nobody", 0, ALL))).isEmpty();
    }

    @Test
    void anEnvelopeTellsWhatTheJournalKnows() throws Exception {
        rig.write(atomic(event("p", 1, "one").withTimestamp(77).withMetadata("meta")));

        EventEnvelope envelope = queries.currentEventsByPersistenceId("p", 1, 1)
                .runWith(Sink.head(), rig.system)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);

        assertThat(envelope.offset()).isEqualTo(Offset.sequence(1));
        assertThat(envelope.persistenceId()).isEqualTo("p");
        assertThat(envelope.sequenceNr()).isEqualTo(1);
        assertThat(envelope.event()).isEqualTo("one");
        assertThat(envelope.timestamp()).isEqualTo(77);
        assertThat(envelope.getEventMetaData()).contains("meta");
    }

    @Test
    void deletedEventsAreLeftOut() throws Exception {
        rig.write("p", 1, 20);
        TestKit probe = rig.probe();
        rig.journal().tell(new DeleteMessagesTo("p", 15, probe.getRef()), ActorRef.noSender());
        probe.expectMsgClass(Duration.ofSeconds(20), DeleteMessagesSuccess.class);

        assertThat(payloads(queries.currentEventsByPersistenceId("p", 0, ALL))).containsExactly("a-16", "a-17", "a-18",
                "a-19", "a-20");
        assertThat(payloads(queries.currentEventsByPersistenceId("p", 0, 15))).isEmpty();
    }

    @Test
    void liveEventsFollowTheWriter() throws Exception {
        SinkQueueWithCancel<EventEnvelope> live = queries.eventsByPersistenceId("p", 0, 30).runWith(Sink.queue(),
                rig.system);
        List<String> seen = new ArrayList<>();
        for (int from = 1; from <= 30; from += 10) {
            rig.write("p", from, from + 9);
            for (int i = 0; i < 10; i++) {
                seen.add(pull(live).orElseThrow().event().toString());
            }
        }
        assertThat(seen).hasSize(30).startsWith("a-1", "a-2").endsWith("a-29", "a-30").doesNotHaveDuplicates();
        assertThat(pull(live)).isEmpty();
    }

    @Test
    void liveEventsSurviveDeletionOfWhatWasRead() throws Exception {
        SinkQueueWithCancel<EventEnvelope> live = queries.eventsByPersistenceId("p", 0, ALL).runWith(Sink.queue(),
                rig.system);
        rig.write("p", 1, 3);
        for (int i = 1; i <= 3; i++) {
            assertThat(pull(live).orElseThrow().sequenceNr()).isEqualTo(i);
        }
        TestKit probe = rig.probe();
        rig.journal().tell(new DeleteMessagesTo("p", ALL, probe.getRef()), ActorRef.noSender());
        probe.expectMsgClass(Duration.ofSeconds(20), DeleteMessagesSuccess.class);
        rig.write("p", 4, 4);

        assertThat(pull(live).orElseThrow().sequenceNr()).isEqualTo(4);
        live.cancel();
    }

    @Test
    void nothingIsReadAheadOfDemandBeyondTheBuffer() throws Exception {
        rig.write("p", 1, 100);
        List<Long> passed = new ArrayList<>();
        SinkQueueWithCancel<EventEnvelope> slow = queries.eventsByPersistenceId("p", 0, ALL)
                .map(e -> {
                    passed.add(e.sequenceNr());
                    return e;
                })
                .runWith(Sink.<EventEnvelope>queue().withAttributes(Attributes.inputBuffer(1, 1)), rig.system);

        for (int i = 1; i <= 10; i++) {
            assertThat(pull(slow).orElseThrow().sequenceNr()).isEqualTo(i);
        }

        assertThat(passed).hasSizeLessThan(15);
        slow.cancel();
    }

    @Test
    void aQueryClaimsNothing() throws Exception {
        rig.write("p", 1, 3);
        Log log = SluicePersistence.get(rig.system).store().ifOpen("p").orElseThrow();
        int epoch = log.leaderEpoch();

        assertThat(payloads(queries.currentEventsByPersistenceId("p", 0, ALL))).hasSize(3);

        assertThat(log.leaderEpoch()).isEqualTo(epoch);
        rig.write("p", 4, 4);
    }

    @Test
    void persistenceIdsAreListedOnce() throws Exception {
        rig.write("p/1", 1, 2);
        rig.write("p/2", 1, 2);
        SinkQueueWithCancel<String> live = queries.persistenceIds().runWith(Sink.queue(), rig.system);
        List<String> seen = new ArrayList<>(List.of(pull(live).orElseThrow(), pull(live).orElseThrow()));
        rig.write("p/3", 1, 2);
        seen.add(pull(live).orElseThrow());

        assertThat(seen).containsExactlyInAnyOrder("p/1", "p/2", "p/3");
        assertThat(queries.currentPersistenceIds()
                .runWith(Sink.seq(), rig.system)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)).containsExactlyInAnyOrder("p/1", "p/2", "p/3");
        live.cancel();
    }

    @Test
    void scalaProgramsHaveTheSameQueries() throws Exception {
        rig.write("p", 1, 3);
        SluiceScalaReadJournal scala = new SluiceReadJournalProvider(
                (org.apache.pekko.actor.ExtendedActorSystem) rig.system,
                rig.system.settings().config().getConfig(SluiceReadJournal.IDENTIFIER), SluiceReadJournal.IDENTIFIER)
                .scaladslReadJournal();

        assertThat(payloads(scala.currentEventsByPersistenceId("p", 2, ALL).asJava())).containsExactly("a-2", "a-3");
    }

    @Test
    void manyLiveQueriesOfOneIdSeeTheSame() {
        List<List<Object>> seen = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            List<Object> one = java.util.Collections.synchronizedList(new ArrayList<>());
            seen.add(one);
            queries.eventsByPersistenceId("p", 0, ALL).runForeach(e -> one.add(e.event()), rig.system);
        }
        rig.write("p", 1, 50);
        rig.write("p", 51, 60);

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(seen).allSatisfy(
                one -> assertThat(one).hasSize(60).startsWith("a-1").endsWith("a-60").doesNotHaveDuplicates()));
    }

    private List<Object> payloads(Source<EventEnvelope, ?> source) throws Exception {
        return source.map(EventEnvelope::event)
                .runWith(Sink.seq(), rig.system)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static <T> Optional<T> pull(SinkQueueWithCancel<T> queue) throws Exception {
        return queue.pull().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
