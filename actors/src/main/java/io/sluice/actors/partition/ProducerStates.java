package io.sluice.actors.partition;

import io.sluice.persistence.log.BatchHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/**
 * The idempotent producers of one partition (KIP-98): finds duplicates and gaps by producer id, epoch and sequence number. Not safe for threads.
 *
 * <p>The rules, for a batch of a producer that is
 * <ul>
 * <li>unknown, or was not heard of for the expiration time: any sequence number is accepted, as its earlier records may be gone, unless
 * {@link RefusedBatches} has an earlier one;
 * <li>known by a newer epoch: INVALID_PRODUCER_EPOCH;
 * <li>known by an older epoch: must begin at sequence number 0, else OUT_OF_ORDER_SEQUENCE_NUMBER;
 * <li>known by this epoch: a remembered batch is a duplicate and is answered with its first offset; the next sequence number is accepted; anything
 * else is OUT_OF_ORDER_SEQUENCE_NUMBER.
 * </ul>
 *
 * <p>Nothing is ever answered with DUPLICATE_SEQUENCE_NUMBER, which clients take for success: what lies before the remembered batches need not be
 * stored. A client has no more batches in flight than are remembered, so a retry that it still waits for is found if it is stored.
 */
final class ProducerStates {

    private final long expirationMs;
    /** Null while there are none: most partitions of most topics rest. */
    private Map<Long, ProducerState> producers;

    /** @param expirationMs {@code producer.id.expiration.ms} */
    ProducerStates(long expirationMs) {
        this.expirationMs = expirationMs;
    }

    /** What is to be done with a producer's batch. */
    sealed interface Verdict {
    }

    /** It comes next. */
    enum Next implements Verdict {
        NEXT
    }

    /** It is there already. */
    record Duplicate(ProducerState.Batch original) implements Verdict {}

    /** It must not be appended. */
    record Refused(Errors error, String message) implements Verdict {}

    /** Judges a batch that has a producer id. Changes nothing. */
    Verdict check(BatchHeader batch, long nowMs) {
        ProducerState state = producers == null ? null : producers.get(batch.producerId());
        if (state == null || isExpired(state, nowMs)) {
            return Next.NEXT;
        }
        if (batch.producerEpoch() < state.epoch()) {
            return refuse(Errors.INVALID_PRODUCER_EPOCH, batch, "the partition knows epoch " + state.epoch());
        }
        if (batch.producerEpoch() > state.epoch()) {
            return batch.baseSequence() == 0
                    ? Next.NEXT
                    : refuse(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, batch, "a new epoch begins at 0");
        }
        ProducerState.Batch original = state.find(batch.baseSequence(), batch.lastSequence());
        if (original != null) {
            return new Duplicate(original);
        }
        int expected = next(state.last().lastSequence());
        if (batch.baseSequence() == expected) {
            return Next.NEXT;
        }
        return refuse(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, batch, "expected " + expected);
    }

    /** Whether anything of a producer is remembered. */
    boolean knows(long producerId, long nowMs) {
        ProducerState state = producers == null ? null : producers.get(producerId);
        return state != null && !isExpired(state, nowMs);
    }

    /** Remembers a batch with a producer id, at append and at replay alike. */
    void append(BatchHeader batch, long storedEndOffset, long nowMs) {
        add(batch.producerId(),
                new ProducerState.Batch(batch.producerEpoch(), batch.baseSequence(), batch.lastSequence(),
                        batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp()),
                storedEndOffset, nowMs);
    }

    /** Forgets the producers that were not heard of for the expiration time. */
    void expire(long nowMs) {
        if (producers != null) {
            producers.values().removeIf(state -> isExpired(state, nowMs));
            producers = producers.isEmpty() ? null : producers;
        }
    }

    int size() {
        return producers == null ? 0 : producers.size();
    }

    /** What a snapshot keeps: of each producer the stored batches alone. */
    List<PartitionSnapshot.Producer> snapshot(long storedEndOffset) {
        if (producers == null) {
            return List.of();
        }
        List<PartitionSnapshot.Producer> kept = new ArrayList<>(producers.size());
        producers.forEach((id, state) -> {
            List<ProducerState.Batch> stored = state.stored(storedEndOffset);
            if (!stored.isEmpty()) {
                kept.add(new PartitionSnapshot.Producer(id, state.lastUsedMs(), stored));
            }
        });
        return kept;
    }

    /** Takes over what a snapshot kept. */
    void restore(List<PartitionSnapshot.Producer> kept) {
        for (PartitionSnapshot.Producer producer : kept) {
            producer.batches()
                    .forEach(batch -> add(producer.producerId(), batch, Long.MAX_VALUE, producer.lastUsedMs()));
        }
    }

    private void add(long producerId, ProducerState.Batch batch, long storedEndOffset, long nowMs) {
        if (producers == null) {
            producers = new HashMap<>(4);
        }
        producers.computeIfAbsent(producerId, id -> new ProducerState()).add(batch, storedEndOffset, nowMs);
    }

    private boolean isExpired(ProducerState state, long nowMs) {
        return nowMs - state.lastUsedMs() >= expirationMs;
    }

    private static int next(int sequence) {
        return sequence == Integer.MAX_VALUE ? 0 : sequence + 1;
    }

    private static Refused refuse(Errors error, BatchHeader batch, String why) {
        return new Refused(error, "producer " + batch.producerId() + ", epoch " + batch.producerEpoch() + ", sequence "
                + batch.baseSequence() + ": " + why);
    }
}
