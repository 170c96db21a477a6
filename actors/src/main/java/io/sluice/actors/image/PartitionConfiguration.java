package io.sluice.actors.image;

import java.util.List;

/**
 * What is known of a partition's replicas besides who they are.
 *
 * @param version of the replicas in force; grows by one whenever their set changes
 * @param target the replicas that the partition is being moved to, preferred leader first; empty if it is not being moved
 */
public record PartitionConfiguration(int version, List<Integer> target) {

    /** Of a partition whose replicas never changed and do not change now. */
    public static final PartitionConfiguration FIRST = new PartitionConfiguration(0, List.of());

    public PartitionConfiguration {
        target = List.copyOf(target);
    }

    /** Whether the partition is being moved to other replicas. */
    public boolean isReassigning() {
        return !target.isEmpty();
    }
}
