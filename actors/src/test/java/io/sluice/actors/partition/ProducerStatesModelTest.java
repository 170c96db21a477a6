package io.sluice.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.BatchHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.protocol.Errors;

/** One producer against a model that remembers every batch it ever wrote; some batches are stored late, and the partition restarts now and then. */
class ProducerStatesModelTest {

    private static final long PRODUCER = 5;
    private static final long NEVER = Long.MAX_VALUE;

    @Property(tries = 500)
    void aBatchIsNeverStoredTwiceNorOutOfOrder(@ForAll long seed) {
        Random random = new Random(seed);
        Run run = new Run(random.nextInt(4) == 0 ? Integer.MAX_VALUE - 20 : 0);
        for (int i = 0; i < 200; i++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> run.next(1 + random.nextInt(4));
                case 4, 5 -> run.again(random.nextInt(8));
                case 6 -> run.gap(1 + random.nextInt(100));
                case 7, 8 -> run.store(random.nextInt(4));
                default -> run.restart(random.nextBoolean());
            }
        }
    }

    private static final class Run {
        private final List<BatchHeader> written = new ArrayList<>();
        private final Deque<BatchHeader> underWay = new ArrayDeque<>();
        private PartitionState state = new PartitionState(NEVER);
        private PartitionSnapshot snapshot = state.snapshot();
        private int afterSnapshot;
        private int sequence;

        Run(int firstSequence) {
            sequence = firstSequence;
        }

        void next(int records) {
            BatchHeader batch = Batches.head(PRODUCER, 0, sequence, records, state.nextOffset());
            assertThat(state.decide(batch, 0)).isEqualTo(PartitionState.Accept.ACCEPT);
            state.apply(batch, 0);
            written.add(batch);
            underWay.add(batch);
            sequence = batch.lastSequence() == Integer.MAX_VALUE ? 0 : batch.lastSequence() + 1;
        }

        void again(int back) {
            if (back >= written.size()) {
                return;
            }
            BatchHeader original = written.get(written.size() - 1 - back);
            var decision = state.decide(original, 0);
            if (back < ProducerState.REMEMBERED || decision instanceof PartitionState.Duplicate) {
                assertThat(decision).isEqualTo(new PartitionState.Duplicate(original.baseOffset(),
                        original.lastOffset(), original.maxTimestamp()));
            } else {
                assertOutOfOrder(decision);
            }
        }

        void gap(int gap) {
            if (!written.isEmpty()) {
                int ahead = (sequence + gap) & Integer.MAX_VALUE;
                assertOutOfOrder(state.decide(Batches.head(PRODUCER, 0, ahead, 1, 0), 0));
            }
        }

        /** Any other refusal of a known epoch would be an acknowledgement in disguise, or would end the producer. */
        private static void assertOutOfOrder(PartitionState.Decision decision) {
            assertThat(decision).isInstanceOfSatisfying(PartitionState.Refuse.class,
                    refuse -> assertThat(refuse.error()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER));
        }

        void store(int count) {
            for (int i = 0; i < count && !underWay.isEmpty(); i++) {
                state.stored(underWay.poll());
            }
        }

        /** A crash loses what is under way; the client then sends it anew, as if for the first time. */
        void restart(boolean withSnapshot) {
            if (withSnapshot) {
                snapshot = state.snapshot();
                afterSnapshot = written.size() - underWay.size();
            }
            if (!underWay.isEmpty()) {
                sequence = underWay.peek().baseSequence();
            }
            written.subList(written.size() - underWay.size(), written.size()).clear();
            underWay.clear();
            state = new PartitionState(NEVER);
            state.restore(snapshot);
            written.subList(afterSnapshot, written.size()).forEach(batch -> state.replay(batch, 0));
        }
    }
}
