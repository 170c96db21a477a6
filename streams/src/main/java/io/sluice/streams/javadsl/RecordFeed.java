package io.sluice.streams.javadsl;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Reads the records of a consumer's partitions, from where the consumer's position is, and moves that along. One thread uses it, the consumer's, so
 * a partition can change between feeds at any time: the position says where to go on.
 */
interface RecordFeed<K, V> {

    /**
     * Says what to read from now on: these partitions, and no others.
     *
     * @return those that this feed cannot read now
     */
    List<OwnedPartition> want(Collection<OwnedPartition> partitions);

    /** What there is of the partitions wanted, after waiting for some for at most the time given. */
    Map<OwnedPartition, FedRecords<K, V>> poll(Duration wait);

    /** The consumer has lost a partition. */
    void forget(OwnedPartition partition);
}
