package io.sluice.streams.javadsl;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** The running sources of single partitions of one consumer. Safe for any thread. */
final class SubSources<K, V> {

    /** A running source of one partition; every method is for any thread. */
    interface SubSource<K, V> {

        boolean isWanting();

        void give(Map<OwnedPartition, FedRecords<K, V>> records);

        /** Completes it, or fails it with a cause. */
        void end(Optional<Throwable> failure);
    }

    private final ConcurrentMap<OwnedPartition, SubSource<K, V>> running = new ConcurrentHashMap<>();
    private final Runnable demand;
    private final Consumer<Throwable> failAll;

    /**
     * @param demand has the consumer look what is wanted
     * @param failAll fails the source that these came from
     */
    SubSources(Runnable demand, Consumer<Throwable> failAll) {
        this.demand = demand;
        this.failAll = failAll;
    }

    /** Enters a source; false if the partition has one. */
    boolean enter(OwnedPartition partition, SubSource<K, V> source) {
        return running.putIfAbsent(partition, source) == null;
    }

    void leave(OwnedPartition partition, SubSource<K, V> source) {
        running.remove(partition, source);
    }

    void demand() {
        demand.run();
    }

    void failAll(Throwable cause) {
        failAll.accept(cause);
    }

    boolean wants(OwnedPartition partition) {
        SubSource<K, V> source = running.get(partition);
        return source != null && source.isWanting();
    }

    /** Hands records over; those whose source has just been cancelled are dropped. */
    void give(Map<OwnedPartition, FedRecords<K, V>> records) {
        records.forEach((partition, list) -> {
            SubSource<K, V> source = running.get(partition);
            if (source == null) {
                list.close();
            } else {
                source.give(Map.of(partition, list));
            }
        });
    }

    void lost(OwnedPartition partition) {
        SubSource<K, V> source = running.get(partition);
        if (source != null) {
            source.end(Optional.empty());
        }
    }

    void endAll(Optional<Throwable> failure) {
        running.values().forEach(source -> source.end(failure));
    }
}
