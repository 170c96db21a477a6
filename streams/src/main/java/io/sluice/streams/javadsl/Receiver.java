package io.sluice.streams.javadsl;

import java.util.List;
import java.util.Map;

/** Who takes what a consumer reads. Called on the consumer's thread: implementations hand over and return. */
interface Receiver<K, V> {

    /** Whether records of a partition are wanted now. */
    boolean wants(OwnedPartition partition);

    /** The consumer has got partitions. */
    void assigned(List<OwnedPartition> partitions);

    /** The consumer has lost partitions. */
    void lost(List<OwnedPartition> partitions);

    /** Records, in order within each partition; only of partitions that were wanted. They are not wanted any more until the receiver says so again. */
    void records(Map<OwnedPartition, FedRecords<K, V>> records);

    /**
     * The consumer is closed.
     *
     * @param failure what ended it, or null if it was asked to
     */
    void ended(Throwable failure);
}
