package io.sluice.actors.partition;

import io.sluice.persistence.log.BatchHeader;
import org.apache.kafka.common.protocol.Errors;

/**
 * The state of one partition and its decisions: which offset a batch gets, whether it is a duplicate, whether it must be refused. No actor, no
 * clock, no disk in here; not safe for threads.
 *
 * <p>Offsets are given when a batch is decided on, not when it is stored, so that batches can follow each other without waiting. What is
 * decided but not stored yet is told apart by {@link #isStored}; if storing fails, the state is thrown away with its actor.
 */
final class PartitionState {

    private final ProducerStates producers;
    private long nextOffset;
    private long storedEndOffset;

    /** @param producerExpirationMs {@code producer.id.expiration.ms} */
    PartitionState(long producerExpirationMs) {
        producers = new ProducerStates(producerExpirationMs);
    }

    /** What is to be done with a batch. */
    sealed interface Decision {
    }

    /** Store it at {@link PartitionState#nextOffset}. */
    enum Accept implements Decision {
        ACCEPT
    }

    /**
     * It is there already, or on its way to the disk.
     *
     * @param baseOffset the offset its first record has
     * @param lastOffset the offset its last record has
     * @param timestampMs its largest timestamp
     */
    record Duplicate(long baseOffset, long lastOffset, long timestampMs) implements Decision {}

    /** It must not be stored. */
    record Refuse(Errors error, String message) implements Decision {}

    /** Decides on a batch that passed {@link BatchValidation}. Changes nothing. */
    Decision decide(BatchHeader batch, long nowMs) {
        if (!batch.hasProducerId()) {
            return Accept.ACCEPT;
        }
        return switch (producers.check(batch, nowMs)) {
            case ProducerStates.Next next -> Accept.ACCEPT;
            case ProducerStates.Duplicate(ProducerState.Batch original) -> new Duplicate(original.baseOffset(),
                    original.lastOffset(), original.timestampMs());
            case ProducerStates.Refused(Errors error, String message) -> new Refuse(error, message);
        };
    }

    /** Whether it remembers a producer, so that {@link #decide} finds gaps in its sequence numbers. */
    boolean knows(long producerId, long nowMs) {
        return producers.knows(producerId, nowMs);
    }

    /** Takes in a batch with its final offset; the same at append and at replay. */
    void apply(BatchHeader batch, long nowMs) {
        nextOffset = batch.nextOffset();
        if (batch.hasProducerId()) {
            producers.append(batch, storedEndOffset, nowMs);
        }
    }

    /** A batch that was applied is stored. */
    void stored(BatchHeader batch) {
        storedEndOffset = batch.nextOffset();
    }

    /** A stored batch comes back from the journal. */
    void replay(BatchHeader batch, long nowMs) {
        stored(batch);
        apply(batch, nowMs);
    }

    /** Offset the next batch gets. */
    long nextOffset() {
        return nextOffset;
    }

    /** Whether the record at this offset is stored. */
    boolean isStored(long offset) {
        return offset < storedEndOffset;
    }

    /** Whether everything that was decided is stored. */
    boolean isSettled() {
        return storedEndOffset == nextOffset;
    }

    /** Number of producers remembered. */
    int producerCount() {
        return producers.size();
    }

    /** Forgets producers that were not heard of for the expiration time. */
    void expireProducers(long nowMs) {
        producers.expire(nowMs);
    }

    /** The state as of the last stored batch. */
    PartitionSnapshot snapshot() {
        return new PartitionSnapshot(storedEndOffset, producers.snapshot(storedEndOffset));
    }

    /** Begins from a snapshot; nothing may have been applied before. */
    void restore(PartitionSnapshot snapshot) {
        nextOffset = snapshot.nextOffset();
        storedEndOffset = snapshot.nextOffset();
        producers.restore(snapshot.producers());
    }

    /** Takes the log's end as the truth once recovery is done; an empty log may begin above 0 after DeleteRecords or retention. */
    void endOfLog(long logEndOffset) {
        nextOffset = logEndOffset;
        storedEndOffset = logEndOffset;
    }
}
