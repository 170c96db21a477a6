package io.sluice.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.BatchHeader;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusedBatchesTest {

    private static final PartitionRef REF = PartitionNode.ref(PartitionNode.topic("t", 2, Map.of()), 0);
    private static final PartitionRef OTHER = new PartitionRef(REF.topicId(), REF.topic(), 1);

    private final RefusedBatches refused = new RefusedBatches();
    private long now = System.nanoTime();

    @Test
    void holdsBackWhatFollowsARefusedBatch() {
        assertThat(refused.hasEarlier(REF, batch(0, 3))).isFalse();

        note(batch(0, 0));

        assertThat(refused.hasEarlier(REF, batch(0, 3))).isTrue();
        assertThat(refused.hasEarlier(REF, batch(0, 0))).as("its retry").isFalse();
        assertThat(refused.hasEarlier(REF, batch(1, 3))).as("another epoch").isFalse();
        assertThat(refused.hasEarlier(OTHER, batch(0, 3))).as("another partition").isFalse();
        assertThat(refused.hasEarlier(REF, Batches.head(6, 0, 3, 1, 0))).as("another producer").isFalse();
    }

    @Test
    void letsThroughWhatComesBeforeARefusedBatch() {
        note(batch(0, 6));

        assertThat(refused.hasEarlier(REF, batch(0, 3))).isFalse();
    }

    @Test
    void forgetsABatchThatIsAccepted() {
        note(batch(0, 0));

        refused.accepted(REF, batch(0, 3));
        refused.accepted(REF, batch(1, 0));
        refused.accepted(OTHER, batch(0, 0));
        assertThat(refused.isEmpty()).isFalse();

        refused.accepted(REF, batch(0, 0));
        assertThat(refused.isEmpty()).isTrue();
    }

    @Test
    void keepsTheEarliestOfTheNewestEpoch() {
        note(batch(1, 3));
        note(batch(1, 0));
        note(batch(1, 6));
        note(batch(0, 0));
        assertThat(refused.hasEarlier(REF, batch(1, 3))).isTrue();
        assertThat(refused.hasEarlier(REF, batch(0, 3))).isFalse();

        note(batch(2, 3));
        assertThat(refused.hasEarlier(REF, batch(1, 3))).isFalse();
        assertThat(refused.hasEarlier(REF, batch(2, 6))).isTrue();
    }

    @Test
    void wrapsSequencesAround() {
        note(batch(0, 2));
        note(batch(0, Integer.MAX_VALUE - 1));

        assertThat(refused.hasEarlier(REF, batch(0, 2))).isTrue();
        assertThat(refused.hasEarlier(REF, batch(0, Integer.MAX_VALUE - 1))).isFalse();
    }

    @Test
    void notesNoBatchWithoutAProducerId() {
        note(Batches.head(-1, -1, -1, 1, 0));

        assertThat(refused.isEmpty()).isTrue();
    }

    @Test
    void dropsOldNotes() {
        note(batch(0, 0));
        pass(RefusedBatches.KEPT.minusNanos(1));
        assertThat(refused.isEmpty()).isFalse();

        note(batch(0, 3));
        pass(Duration.ofSeconds(10));
        assertThat(refused.isEmpty()).as("a batch that is held back does not hold the note").isTrue();
    }

    @Test
    void keepsTheNoteOfABatchThatIsRefusedAgain() {
        note(batch(0, 0));
        pass(RefusedBatches.KEPT.dividedBy(2));
        note(batch(0, 0));
        pass(RefusedBatches.KEPT.dividedBy(2));

        assertThat(refused.isEmpty()).isFalse();
    }

    @Test
    void looksForOldNotesNowAndThenOnly() {
        note(batch(0, 0));
        pass(RefusedBatches.KEPT.minusNanos(1));
        pass(Duration.ofNanos(1));
        assertThat(refused.isEmpty()).isFalse();

        pass(Duration.ofSeconds(10));
        assertThat(refused.isEmpty()).isTrue();
    }

    @Test
    void takesNoMoreNotesThanItsLimit() {
        for (int producer = 0; producer < RefusedBatches.NOTES_MAX; producer++) {
            note(Batches.head(producer, 0, 5, 1, 0));
        }
        note(Batches.head(RefusedBatches.NOTES_MAX, 0, 5, 1, 0));
        note(Batches.head(0, 0, 3, 1, 0));

        assertThat(refused.hasEarlier(REF, Batches.head(RefusedBatches.NOTES_MAX, 0, 6, 1, 0))).isFalse();
        assertThat(refused.hasEarlier(REF, Batches.head(0, 0, 5, 1, 0))).as("one that is noted changes").isTrue();
    }

    private static BatchHeader batch(int epoch, int sequence) {
        return Batches.head(5, epoch, sequence, 3, 0);
    }

    private void note(BatchHeader batch) {
        refused.note(REF, batch, now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
        refused.dropOld(now);
    }
}
