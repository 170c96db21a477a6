package io.sluice.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.partition.PartitionState.Accept;
import io.sluice.actors.partition.PartitionState.Decision;
import io.sluice.actors.partition.PartitionState.Duplicate;
import io.sluice.actors.partition.PartitionState.Refuse;
import io.sluice.persistence.log.BatchHeader;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class PartitionStateTest {

    private static final long DAY = 86_400_000;
    private static final long PRODUCER = 42;

    private final PartitionState state = new PartitionState(DAY);
    private long now = Batches.NOW;

    @Test
    void givesOffsetsOneAfterTheOther() {
        store(batch(0, 0, 3));
        store(new BatchHeader(0, 100, 0, BatchHeader.MAGIC, 0, (short) 0, 4, now, now, -1, (short) -1, -1, 5));

        assertThat(state.nextOffset()).isEqualTo(8);
        assertThat(state.isSettled()).isTrue();
    }

    @Test
    void knowsWhatIsStoredAndWhatIsUnderWay() {
        store(batch(0, 0, 3));
        BatchHeader underWay = accept(batch(0, 3, 2));

        assertThat(state.isStored(2)).isTrue();
        assertThat(state.isStored(3)).isFalse();
        assertThat(state.isSettled()).isFalse();
        state.stored(underWay);
        assertThat(state.isStored(4)).isTrue();
    }

    @Test
    void answersADuplicateWithTheOriginalOffset() {
        for (int i = 0; i < 5; i++) {
            store(batch(0, i * 10, 10));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(decide(batch(0, i * 10, 10))).isEqualTo(new Duplicate(i * 10L, i * 10L + 9, Batches.NOW));
        }
    }

    @Test
    void findsADuplicateOfABatchUnderWay() {
        accept(batch(0, 0, 2));

        assertThat(decide(batch(0, 0, 2))).isEqualTo(new Duplicate(0, 1, Batches.NOW));
    }

    @Test
    void refusesADuplicateThatIsNoLongerRemembered() {
        for (int i = 0; i < 12; i++) {
            store(batch(0, i, 1));
        }

        assertRefused(batch(0, 0, 1), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void doesNotTakeWhatComesBeforeTheFirstBatchItSawForADuplicate() {
        store(batch(0, 3, 38));

        assertRefused(batch(0, 0, 3), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void knowsTheProducersThatItHeardOfLately() {
        assertThat(state.knows(PRODUCER, now)).isFalse();

        accept(batch(0, 0, 1));

        assertThat(state.knows(PRODUCER, now + DAY - 1)).isTrue();
        assertThat(state.knows(PRODUCER, now + DAY)).isFalse();
        assertThat(state.knows(PRODUCER + 1, now)).isFalse();
    }

    @Test
    void refusesGapsAndOverlaps() {
        store(batch(0, 0, 10));

        assertRefused(batch(0, 11, 1), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertRefused(batch(0, 0, 9), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertRefused(batch(0, 5, 10), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(decide(batch(0, 10, 1))).isEqualTo(Accept.ACCEPT);
    }

    @Test
    void acceptsAnySequenceOfAnUnknownProducer() {
        store(batch(3, 500, 1));

        assertThat(decide(batch(3, 501, 1))).isEqualTo(Accept.ACCEPT);
        assertRefused(batch(3, 503, 1), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void fencesOlderEpochsAndBeginsNewerOnesAtZero() {
        store(batch(1, 0, 10));

        assertRefused(batch(0, 10, 1), Errors.INVALID_PRODUCER_EPOCH);
        assertRefused(batch(2, 10, 1), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        store(batch(2, 0, 1));
        assertRefused(batch(1, 0, 10), Errors.INVALID_PRODUCER_EPOCH);
        assertThat(decide(batch(2, 0, 1))).isEqualTo(new Duplicate(10, 10, Batches.NOW));
        assertRefused(batch(2, 0, 10), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void wrapsSequencesAround() {
        store(batch(0, Integer.MAX_VALUE - 1, 1));
        store(batch(0, Integer.MAX_VALUE, 3));

        assertThat(decide(batch(0, Integer.MAX_VALUE, 3))).isEqualTo(new Duplicate(1, 3, Batches.NOW));
        assertRefused(batch(0, 1, 1), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertRefused(batch(0, 60, 1), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertRefused(batch(0, Integer.MAX_VALUE - 5, 1), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        store(batch(0, 2, 1));
        assertThat(state.nextOffset()).isEqualTo(5);
    }

    @Test
    void forgetsProducersThatWereSilentForLong() {
        store(batch(0, 0, 10));
        now += DAY - 1;
        assertRefused(batch(0, 99, 1), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        now += 1;
        assertThat(decide(batch(0, 99, 1))).isEqualTo(Accept.ACCEPT);
        state.expireProducers(now);
        assertThat(state.producerCount()).isZero();
    }

    @Test
    void aSnapshotLeavesOutWhatIsNotStored() {
        for (int i = 0; i < 9; i++) {
            store(batch(0, i, 1));
        }
        for (int i = 9; i < 20; i++) {
            accept(batch(0, i, 1));
        }
        accept(Batches.head(77, 0, 0, 1, 0));
        accept(batch(1, 0, 1));

        PartitionState restored = new PartitionState(DAY);
        restored.restore(state.snapshot());

        assertThat(restored.nextOffset()).isEqualTo(9);
        assertThat(restored.producerCount()).isEqualTo(1);
        assertThat(restored.decide(batch(0, 9, 1), now)).isEqualTo(Accept.ACCEPT);
        for (int i = 4; i < 9; i++) {
            assertThat(restored.decide(batch(0, i, 1), now)).isEqualTo(new Duplicate(i, i, Batches.NOW));
        }
    }

    @Test
    void replayBuildsTheStateThatAppendingBuilt() {
        PartitionState replayed = new PartitionState(DAY);
        for (int i = 0; i < 30; i++) {
            replayed.replay(store(Batches.head(i % 3, 0, i / 3 * 2, 2, 0)), now);
        }

        assertThat(replayed.snapshot()).isEqualTo(state.snapshot());
    }

    private BatchHeader batch(int epoch, int sequence, int records) {
        return Batches.head(PRODUCER, epoch, sequence, records, 0);
    }

    private Decision decide(BatchHeader batch) {
        return state.decide(batch, now);
    }

    private void assertRefused(BatchHeader batch, Errors error) {
        assertThat(decide(batch)).isInstanceOfSatisfying(Refuse.class,
                refuse -> assertThat(refuse.error()).as(refuse.message()).isEqualTo(error));
    }

    private BatchHeader accept(BatchHeader batch) {
        assertThat(decide(batch)).isEqualTo(Accept.ACCEPT);
        BatchHeader placed = new BatchHeader(state.nextOffset(), batch.sizeInBytes(), 0, batch.magic(), 0,
                batch.attributes(), batch.lastOffsetDelta(), batch.baseTimestamp(), batch.maxTimestamp(),
                batch.producerId(), batch.producerEpoch(), batch.baseSequence(), batch.recordCount());
        state.apply(placed, now);
        return placed;
    }

    private BatchHeader store(BatchHeader batch) {
        BatchHeader placed = accept(batch);
        state.stored(placed);
        return placed;
    }
}
