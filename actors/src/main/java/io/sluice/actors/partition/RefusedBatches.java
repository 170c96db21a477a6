package io.sluice.actors.partition;

import io.sluice.persistence.log.BatchHeader;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The earliest batch of each idempotent producer (KIP-98) that a partition of this node refused or failed to store a moment ago. Safe for any thread.
 *
 * <p>A partition accepts any sequence number of a producer that it does not know. If such a producer has several batches in flight and the first one
 * fails, the second would be accepted in its place, and the first, when it comes again, be out of order for ever. So until the first is accepted, what
 * follows it is refused, and the client sends all again in order.
 *
 * <p>These notes are hints: they are not stored, are dropped after {@link #KEPT}, and beyond {@link #NOTES_MAX} none is taken. Without one a client's
 * retry fails, but nothing that was acknowledged is lost. There are none as long as nothing fails, and then {@link #isEmpty} is all that appends pay.
 */
final class RefusedBatches {

    /** As long as clients try again by default ({@code delivery.timeout.ms}). */
    static final Duration KEPT = Duration.ofMinutes(2);
    /** Most notes kept. */
    static final int NOTES_MAX = 10_000;

    private static final long DROP_EVERY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int HALF_OF_SEQUENCES = 1 << 30;

    private final ConcurrentHashMap<Producer, Note> notes = new ConcurrentHashMap<>();
    /** Used by the sweep alone. */
    private long droppedAtNanos = System.nanoTime();

    private record Producer(PartitionRef partition, long id) {}

    private record Note(short epoch, int baseSequence, long atNanos) {

        static Note of(BatchHeader batch, long nowNanos) {
            return new Note(batch.producerEpoch(), batch.baseSequence(), nowNanos);
        }

        /** The one that a retry has to begin with. The same batch refused again counts from then on. */
        static Note earliest(Note noted, Note refused) {
            if (refused.epoch != noted.epoch) {
                return refused.epoch > noted.epoch ? refused : noted;
            }
            return isBefore(noted.baseSequence, refused.baseSequence) ? noted : refused;
        }
    }

    boolean isEmpty() {
        return notes.isEmpty();
    }

    /**
     * A batch will not be stored, or nobody knows whether it will. Call it before the client hears of it. A batch without a producer id is not noted.
     *
     * @param nowNanos {@link System#nanoTime}
     */
    void note(PartitionRef partition, BatchHeader batch, long nowNanos) {
        if (!batch.hasProducerId()) {
            return;
        }
        Producer producer = new Producer(partition, batch.producerId());
        if (notes.size() < NOTES_MAX || notes.containsKey(producer)) {
            notes.merge(producer, Note.of(batch, nowNanos), Note::earliest);
        }
    }

    /** Whether an earlier batch of the same producer and epoch is noted, so that this one would overtake it. */
    boolean hasEarlier(PartitionRef partition, BatchHeader batch) {
        Note noted = notes.get(new Producer(partition, batch.producerId()));
        return noted != null && noted.epoch == batch.producerEpoch()
                && isBefore(noted.baseSequence, batch.baseSequence());
    }

    /** The partition accepts a batch: if it is the one that is noted, its note has served. */
    void accepted(PartitionRef partition, BatchHeader batch) {
        notes.computeIfPresent(new Producer(partition, batch.producerId()),
                (producer, noted) -> noted.epoch == batch.producerEpoch() && noted.baseSequence == batch.baseSequence()
                        ? null
                        : noted);
    }

    /**
     * Drops old notes; looks for them every few seconds only, however often it is called. One thread at a time.
     *
     * @param nowNanos {@link System#nanoTime}
     */
    void dropOld(long nowNanos) {
        if (!notes.isEmpty() && nowNanos - droppedAtNanos >= DROP_EVERY_NANOS) {
            droppedAtNanos = nowNanos;
            notes.values().removeIf(noted -> nowNanos - noted.atNanos >= KEPT.toNanos());
        }
    }

    /** Whether {@code sequence} comes before {@code other} on the circle of sequence numbers, the short way round. */
    private static boolean isBefore(int sequence, int other) {
        int distance = (other - sequence) & Integer.MAX_VALUE;
        return distance > 0 && distance < HALF_OF_SEQUENCES;
    }
}
