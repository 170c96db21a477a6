package io.sluice.actors.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a partition remembers of one idempotent producer: its last batches, newest last. Not safe for threads; owned by {@link ProducerStates}.
 *
 * <p>At least the last {@link #REMEMBERED} <em>stored</em> batches are kept; batches that are still being stored come on top. So a snapshot can
 * leave the unstored ones out and still be whole.
 */
final class ProducerState {

    /** Batches remembered of each producer (KIP-98): as many as a client may have in flight. */
    static final int REMEMBERED = 5;

    private Batch[] batches = new Batch[1];
    private int size;
    private long lastUsedMs;

    /**
     * One batch of a producer.
     *
     * @param epoch the producer's epoch in it
     * @param firstSequence sequence number of its first record
     * @param lastSequence sequence number of its last record
     * @param baseOffset offset of its first record
     * @param lastOffset offset of its last record
     * @param timestampMs its largest timestamp
     */
    record Batch(short epoch, int firstSequence, int lastSequence, long baseOffset, long lastOffset,
            long timestampMs) {}

    /** Remembers a batch; forgets those that {@link #REMEMBERED} stored ones have followed. */
    void add(Batch batch, long storedEndOffset, long nowMs) {
        lastUsedMs = nowMs;
        int forget = 0;
        while (size - forget > REMEMBERED && batches[forget + REMEMBERED].lastOffset() < storedEndOffset) {
            forget++;
        }
        // One place is about to be filled: the new batch is never stored yet in a live partition, but is at replay.
        if (size - forget == REMEMBERED && batch.lastOffset() < storedEndOffset) {
            forget++;
        }
        if (forget > 0) {
            System.arraycopy(batches, forget, batches, 0, size - forget);
            Arrays.fill(batches, size - forget, size, null);
            size -= forget;
        }
        if (size == batches.length) {
            batches = Arrays.copyOf(batches, size < REMEMBERED ? REMEMBERED : size * 2);
        }
        batches[size++] = batch;
    }

    Batch last() {
        return batches[size - 1];
    }

    short epoch() {
        return last().epoch();
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    /** The remembered batch of the current epoch with exactly these sequence numbers, or null. */
    Batch find(int firstSequence, int lastSequence) {
        short epoch = epoch();
        for (int i = size - 1; i >= 0 && batches[i].epoch() == epoch; i--) {
            if (batches[i].firstSequence() == firstSequence && batches[i].lastSequence() == lastSequence) {
                return batches[i];
            }
        }
        return null;
    }

    /** The last {@link #REMEMBERED} stored batches, oldest first; empty if none is stored. */
    List<Batch> stored(long storedEndOffset) {
        int end = size;
        while (end > 0 && batches[end - 1].lastOffset() >= storedEndOffset) {
            end--;
        }
        List<Batch> stored = new ArrayList<>(REMEMBERED);
        stored.addAll(Arrays.asList(batches).subList(Math.max(0, end - REMEMBERED), end));
        return stored;
    }
}
