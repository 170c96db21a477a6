package io.sluice.streams.javadsl;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Commits offsets of one consumer's partitions. */
@FunctionalInterface
interface OffsetCommits {

    /**
     * Commits.
     *
     * @param offsets the offset after the last record done, of each partition
     * @return completes with whether all were committed: false if a partition was taken away meanwhile. Fails if the group's coordinator refuses or cannot
     *         be reached in time
     */
    CompletionStage<Boolean> commit(Map<OwnedPartition, Long> offsets);
}
