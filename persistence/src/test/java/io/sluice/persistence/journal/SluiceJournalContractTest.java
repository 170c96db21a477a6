package io.sluice.persistence.journal;

import static io.sluice.persistence.journal.PluginRig.atomic;
import static io.sluice.persistence.journal.PluginRig.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.journal.PluginRig.Recovered;
import java.io.NotSerializableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageRejected;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesSuccessful$;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases that Pekko's contract for journals names, each with five events {@code a-1} to {@code a-5}, the last two written atomically. */
class SluiceJournalContractTest {
    private static final long ALL = Long.MAX_VALUE;
    private static PluginRig rig;
    private static int ids;
    private String id;

    @BeforeAll
    static void start(@TempDir Path dir) {
        rig = new PluginRig(dir);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void writeFiveEvents() {
        id = "p-" + ids++;
        rig.write(id, 1, 5);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "all", value = {
            // from, to, max: first and last replayed, 0 for none
            "1, all, all, 1, 5", "0, all, all, 1, 5", "3, all, all, 3, 5", "1, 3, all, 1, 3", "1, all, 3, 1, 3",
            "2, 3, all, 2, 3", "2, 5, 2, 2, 3", "2, 2, all, 2, 2", "2, 4, 1, 2, 2", "4, 4, all, 4, 4",
            "5, 5, all, 5, 5",
            "2, 4, 0, 0, 0", "3, 2, all, 0, 0", "6, all, all, 0, 0", "1, 0, all, 0, 0"})
    void replaysWithinBounds(long from, Long to, Long max, int first, int last) {
        Recovered recovered = rig.replay(id, from, to == null ? ALL : to, max == null ? ALL : max);

        assertThat(recovered.events()).extracting(PersistentRepr::sequenceNr)
                .isEqualTo(java.util.stream.LongStream.rangeClosed(first, last).filter(n -> n > 0).boxed().toList());
        assertThat(recovered.highestSequenceNr()).isEqualTo(5);
    }

    @Test
    void replaysWhatWasWritten() {
        long before = System.currentTimeMillis();
        rig.write(atomic(event(id, 6, "six").withManifest("adapter").withTimestamp(before).withMetadata("meta")));

        PersistentRepr six = rig.replay(id, 6, 6, 1).events().getFirst();

        assertThat(six.payload()).isEqualTo("six");
        assertThat(six.persistenceId()).isEqualTo(id);
        assertThat(six.manifest()).isEqualTo("adapter");
        assertThat(six.writerUuid()).isEqualTo(PluginRig.WRITER);
        assertThat(six.timestamp()).isEqualTo(before);
        assertThat(six.metadata().get()).isEqualTo("meta");
        assertThat(six.deleted()).isFalse();
        assertThat(six.sender()).isNull();
    }

    @Test
    void knowsNothingOfAnIdThatWasNeverWritten() {
        Recovered recovered = rig.replayAll("never-" + id);

        assertThat(recovered.events()).isEmpty();
        assertThat(recovered.highestSequenceNr()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"3, 1, 9, 4, 5", "3, 3, 9, 4, 5", "3, 4, 9, 4, 5", "3, 1, 2, 0, 0", "3, 1, 3, 0, 0", "3, 1, 4, 4, 4",
            "4, 1, 9, 5, 5", "5, 1, 9, 0, 0", "9223372036854775807, 0, 9, 0, 0"})
    void replaysNoDeletedEvents(long deleteTo, long from, long to, int first, int last) {
        delete(deleteTo);

        Recovered recovered = rig.replay(id, from, to, ALL);

        assertThat(recovered.events()).extracting(PersistentRepr::sequenceNr)
                .isEqualTo(java.util.stream.LongStream.rangeClosed(first, last).filter(n -> n > 0).boxed().toList());
        assertThat(recovered.highestSequenceNr()).isEqualTo(5);
    }

    @Test
    void goesOnCountingAfterEverythingWasDeleted() {
        delete(ALL);
        rig.write(id, 6, 7);

        Recovered recovered = rig.replayAll(id);

        assertThat(recovered.payloads()).containsExactly("a-6", "a-7");
        assertThat(recovered.highestSequenceNr()).isEqualTo(7);
    }

    @Test
    void rejectsAnEventWithoutSerialiserAndStoresTheOthers() {
        Object unknown = new Object();
        TestKit probe = rig.probe();

        rig.send(probe, ActorRef.noSender(), atomic(event(id, 6, "b-6")),
                atomic(event(id, 7, unknown), event(id, 8, "b-8")), atomic(event(id, 9, "b-9")));

        probe.expectMsg(WriteMessagesSuccessful$.MODULE$);
        assertThat(probe.expectMsgClass(WriteMessageSuccess.class).persistent().sequenceNr()).isEqualTo(6);
        for (long rejected = 7; rejected <= 8; rejected++) {
            WriteMessageRejected answer = probe.expectMsgClass(WriteMessageRejected.class);
            assertThat(answer.message().sequenceNr()).isEqualTo(rejected);
            assertThat(answer.cause()).isInstanceOf(NotSerializableException.class);
        }
        assertThat(probe.expectMsgClass(WriteMessageSuccess.class).persistent().sequenceNr()).isEqualTo(9);
        assertThat(rig.replay(id, 6, ALL, ALL).payloads()).containsExactly("b-6", "b-9");
    }

    @Test
    void answersWhenEveryEventIsRejected() {
        TestKit probe = rig.probe();

        rig.send(probe, ActorRef.noSender(), atomic(event(id, 6, new Object())));

        probe.expectMsg(WriteMessagesSuccessful$.MODULE$);
        probe.expectMsgClass(WriteMessageRejected.class);
        assertThat(rig.replayAll(id).highestSequenceNr()).isEqualTo(5);
    }

    @Test
    void storesActorReferences() {
        TestKit probe = rig.probe();
        rig.write(atomic(event(id, 6, probe.getRef())));

        assertThat(rig.replay(id, 6, 6, 1).payloads()).containsExactly(probe.getRef());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10_000, 1_000_000, 20_000_000})
    void storesEventsOfAnySize(int size) {
        rig.write(atomic(event(id, 6, "x".repeat(size))));

        assertThat((String) rig.replay(id, 6, 6, 1).payloads().getFirst()).hasSize(size).matches("x*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b/../c", "..", ".", "a b\tc\n", "%41", "~", "C:\\x|y?*<>\"'", "日本語-ключ-😀", "\ud800",
            "\0",
            "CON", "a", "A"})
    void acceptsAnyPersistenceId(String odd) {
        rig.write(odd, 1, 3);

        assertThat(rig.replayAll(odd).payloads()).containsExactly("a-1", "a-2", "a-3");
    }

    @Test
    void acceptsLongPersistenceIds() {
        String one = "x".repeat(1000);
        String other = "x".repeat(999) + "y";
        rig.write(one, 1, 2);
        rig.write(other, 1, 3);

        assertThat(rig.replayAll(one).events()).hasSize(2);
        assertThat(rig.replayAll(other).events()).hasSize(3);
    }

    @Test
    void storesAtomicWritesOfManyEvents() {
        PersistentRepr[] many = new PersistentRepr[1000];
        for (int i = 0; i < many.length; i++) {
            many[i] = event(id, 6 + i, "m-" + i);
        }
        rig.write(atomic(many));

        assertThat(rig.replay(id, 500, 502, ALL).payloads()).isEqualTo(List.of("m-494", "m-495", "m-496"));
        assertThat(rig.replay(id, 6, ALL, ALL).events()).hasSize(1000);
    }

    private void delete(long to) {
        TestKit probe = rig.probe();
        rig.journal().tell(new DeleteMessagesTo(id, to, probe.getRef()), ActorRef.noSender());
        assertThat(probe.expectMsgClass(Duration.ofSeconds(20), DeleteMessagesSuccess.class).toSequenceNr())
                .isEqualTo(to);
    }
}
