package io.sluice.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.actors.image.TopicImage;
import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PartitionSlotTest {

    private static final TopicImage TOPIC = PartitionNode.topic("t", 1, Map.of());
    private static ActorSystem system;

    private final PartitionRef ref = PartitionNode.ref(TOPIC, 0);
    private final List<Activate> started = new ArrayList<>();
    private final TestProbe entity = new TestProbe(system);
    private PartitionSlots slots = slots("");

    @BeforeAll
    static void startSystem() {
        system = ActorSystem.create("slots", ConfigFactory.parseString("pekko.loglevel = WARNING"));
    }

    @AfterAll
    static void stopSystem() {
        system.terminate();
    }

    private PartitionSlots slots(String settings) {
        PartitionSlots made = new PartitionSlots(PartitionSettings.read(ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.parseResources("reference.conf")).resolve(), 1000, 1000));
        made.startWith(started::add);
        return made;
    }

    @Test
    void startsOnceAndHandsOverInOrder() {
        Append first = append();
        Append second = append();
        CompletionStage<ActivePartition> activation = slots.get(ref).activate("0");

        activated();
        Append third = append();

        assertThat(started).containsExactly(new Activate(ref.persistenceId(), "0"));
        assertThat(activation).isCompleted();
        assertThat(List.of(entity.receiveOne(seconds()), entity.receiveOne(seconds()), entity.receiveOne(seconds())))
                .isEqualTo(List.of(first, second, third));
    }

    @Test
    void failsWhatWaitsOnceAnotherNodeLeads() {
        Append append = append();
        CompletionStage<ActivePartition> activation = slots.get(ref).activate("0");
        slots.sweep(led -> Errors.NONE);
        assertThat(append.answer()).isNotDone();

        slots.sweep(moved -> Errors.NOT_LEADER_OR_FOLLOWER);

        assertThat(outcome(append)).isEqualTo(AppendOutcome.failed(Errors.NOT_LEADER_OR_FOLLOWER,
                "partition " + ref + " is not led here any more"));
        assertThat(activation).isCompletedExceptionally();
        assertThat(slots.all()).as("no pause, nothing to rest for").isEmpty();
    }

    @Test
    void failsWhatComesWhenTheNodeIsStopping() {
        Append before = append();

        slots.close();
        Append after = append();
        CompletionStage<ActivePartition> activation = slots.get(ref).activate("0");

        AppendOutcome stopping = AppendOutcome.failed(Errors.NOT_LEADER_OR_FOLLOWER, "the node is stopping");
        assertThat(outcome(before)).isEqualTo(stopping);
        assertThat(outcome(after)).isEqualTo(stopping);
        assertThat(activation).isCompletedExceptionally();
    }

    @Test
    void failsWhatWaitsWhenTheStartFails() {
        Append append = append();
        CompletionStage<ActivePartition> activation = slots.get(ref).activate("0");

        slots.get(ref).failedStart(Errors.KAFKA_STORAGE_ERROR, "the disk is gone");

        assertThat(outcome(append)).isEqualTo(AppendOutcome.failed(Errors.KAFKA_STORAGE_ERROR, "the disk is gone"));
        assertThat(activation).isCompletedExceptionally();
    }

    @Test
    void pausesAfterAFailure() {
        slots = slots("sluice.partition.restart-backoff-min = 1h, sluice.partition.restart-backoff-max = 1h");
        slots.get(ref).failedStart(Errors.KAFKA_STORAGE_ERROR, "the disk is gone");

        assertThat(outcome(append()).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(started).isEmpty();
        slots.sweep(led -> Errors.NONE);
        assertThat(slots.find(ref)).as("a pause outlives a sweep").isNotNull();
    }

    @Test
    void givesUpOnASlowStart() {
        slots = slots("sluice.partition.activation-timeout = 0s");
        Append append = append();

        slots.sweep(led -> Errors.NONE);

        assertThat(outcome(append).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void asksAgainWhileAStartTakesLong() {
        append();

        slots.sweep(led -> Errors.NONE);

        assertThat(started).hasSize(2);
    }

    @Test
    void forgetsSlotsWithoutUse() {
        PartitionSlot unused = slots.get(ref);

        slots.sweep(led -> Errors.NONE);

        assertThat(slots.find(ref)).isNull();
        assertThat(unused.activate("0")).as("a retired slot is not used").isNull();
    }

    @Test
    void keepsAPartitionUpWhileAnAppendIsOnItsWay() {
        slots = slots("sluice.partition.passivate-after = 1ms");
        activated();
        PartitionSlot slot = slots.get(ref);
        slot.reserve(10);
        slots.sweep(led -> Errors.NONE);
        slots.sweep(led -> Errors.NONE);

        assertThat(slot.deactivateIfIdle(entity.ref())).isFalse();
        slot.release(10);
        assertThat(slot.deactivateIfIdle(entity.ref())).isTrue();
        assertThat(slot.peek()).isNull();
    }

    @Test
    void useKeepsAPartitionUp() {
        slots = slots("sluice.partition.passivate-after = 2s, sluice.partition.sweep-interval = 1s");
        activated();
        PartitionSlot slot = slots.get(ref);
        for (int i = 0; i < 5; i++) {
            slots.sweep(led -> Errors.NONE);
            slot.use();
            assertThat(slot.isIdle()).isFalse();
        }
        slots.sweep(led -> Errors.NONE);
        slot.peek();
        slots.sweep(led -> Errors.NONE);
        assertThat(slot.isIdle()).isTrue();
    }

    @Test
    void anOldActorDoesNotTakeOutTheNewOne() {
        activated();

        slots.get(ref).deactivated(new TestProbe(system).ref());

        assertThat(slots.get(ref).peek()).isNotNull();
    }

    @Test
    void answersWhatNoActorTookWhenAllHaveEnded() {
        activated();
        Append taken = append();
        Append left = append();
        assertThat(slots.handedOver().take(taken)).isTrue();

        slots.handedOver().end();

        assertThat(outcome(left).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(slots.handedOver().take(left)).as("an append is answered once").isFalse();
        assertThat(taken.answer()).as("its actor answers").isNotCompleted();
        assertThat(outcome(append()).error()).as("one that comes later").isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void notesAFailedBatchBeforeItsProducerHearsOfIt() {
        Append append = append(Batches.idempotent(9, 0, 0, 3));
        CompletionStage<Boolean> noted = append.answer().thenApply(answer -> holdsBack(3));
        assertThat(holdsBack(3)).isFalse();

        slots.get(ref).failedStart(Errors.KAFKA_STORAGE_ERROR, "the disk is gone");

        assertThat(noted).isCompletedWithValue(true);
    }

    @Test
    void notesABatchThatIsAnsweredLater() {
        Append append = append(Batches.idempotent(9, 0, 0, 3));

        append.noteRefused();

        assertThat(holdsBack(3)).isTrue();
        assertThat(append.answer()).isNotCompleted();
    }

    @Test
    void notesNothingOfABatchThatIsStored() {
        Append append = append(Batches.idempotent(9, 0, 0, 3));

        append.complete(new AppendOutcome(Errors.NONE, null, 0, -1, 0));
        append.fail(Errors.NOT_LEADER_OR_FOLLOWER, "it was answered before");

        assertThat(slots.refused().isEmpty()).isTrue();
    }

    private boolean holdsBack(int sequence) {
        return slots.refused().hasEarlier(ref, Batches.head(9, 0, sequence, 3, 0));
    }

    @Test
    void countsAppendsAndBytesInFlight() {
        InFlight inFlight = new InFlight();
        assertThat(inFlight.reserve(1000, 2, 100)).as("one is always let in").isTrue();
        assertThat(inFlight.reserve(1, 2, 100)).as("too many bytes").isFalse();
        inFlight.release(1000);
        assertThat(inFlight.reserve(1, 2, 100)).isTrue();
        assertThat(inFlight.reserve(99, 2, 100)).isTrue();
        assertThat(inFlight.reserve(0, 2, 100)).as("too many appends").isFalse();
        inFlight.release(1);
        inFlight.release(99);
        assertThat(inFlight.isEmpty()).isTrue();
    }

    @Test
    void readsPersistenceIdsBack() {
        assertThat(PartitionRef.ofPersistenceId(ref.persistenceId())).contains(ref);
        PartitionRef dashed = new PartitionRef(TOPIC.id(), "a-b.c_d-7", 12);
        assertThat(PartitionRef.ofPersistenceId(dashed.persistenceId())).contains(dashed);
        for (String other : List.of("", "t", "t-1", "t-1@", "-1@" + TOPIC.id(), "t-x@" + TOPIC.id(), "t-1@nonsense",
                "t-01@" + TOPIC.id(), "controller", "@", "t@1-2")) {
            assertThat(PartitionRef.ofPersistenceId(other)).as(other).isEmpty();
        }
    }

    private void activated() {
        slots.get(ref).activated(new ActivePartition(ref, null, 0), entity.ref());
    }

    private Append append() {
        return append(Batches.plain(1));
    }

    private Append append(ByteBuffer batch) {
        PartitionSlot slot = slots.get(ref);
        slot.reserve(batch.limit());
        Append append = new Append(slot, batch, BatchHeader.read(batch, 0));
        assertThat(slot.append(append, TOPIC)).isTrue();
        return append;
    }

    private static AppendOutcome outcome(Append append) {
        assertThat(append.answer()).isCompleted();
        return append.answer().toCompletableFuture().join();
    }

    private static scala.concurrent.duration.FiniteDuration seconds() {
        return scala.concurrent.duration.FiniteDuration.apply(5, "s");
    }
}
