package io.sluice.actors.partition;

import java.util.List;

/**
 * A partition's state at one stored batch, so that a start needs to read only the batches after it. Immutable; written by
 * {@link PartitionSnapshotSerializer}.
 *
 * @param nextOffset offset after the last record it includes
 * @param producers the idempotent producers
 */
record PartitionSnapshot(long nextOffset, List<Producer> producers) {

    PartitionSnapshot {
        producers = List.copyOf(producers);
    }

    /**
     * One producer.
     *
     * @param lastUsedMs when it was last heard of, ms since the epoch
     * @param batches its last stored batches, oldest first, at least one
     */
    record Producer(long producerId, long lastUsedMs, List<ProducerState.Batch> batches) {
        Producer {
            batches = List.copyOf(batches);
        }
    }
}
