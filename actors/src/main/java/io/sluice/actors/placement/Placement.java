package io.sluice.actors.placement;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Who leads. The answer follows from the replica list and from who is eligible alone, so that every node that sees the same membership names the
 * same leader without asking anybody.
 */
public final class Placement {

    /** Leader of a partition that no node can lead now. */
    public static final int NO_LEADER = -1;

    private static final String SEPARATOR = "-";

    private Placement() {
    }

    /**
     * The first eligible node of the list.
     *
     * @param replicas ids of the nodes that hold the partition, preferred leader first
     * @param eligible whether a node may lead: it is up and has caught up
     * @return its id, or {@link #NO_LEADER}
     */
    public static int leaderFor(List<Integer> replicas, IntPredicate eligible) {
        for (int i = 0; i < replicas.size(); i++) {
            int node = replicas.get(i);
            if (eligible.test(node)) {
                return node;
            }
        }
        return NO_LEADER;
    }

    /**
     * The shard of all partitions with this replica list: {@code 1-2-3}. They move together, so the number of shards follows from the nodes and
     * not from the partitions.
     */
    public static String shardId(List<Integer> replicas) {
        if (replicas.isEmpty()) {
            throw new IllegalArgumentException("a partition needs at least one replica");
        }
        return replicas.stream().map(String::valueOf).collect(Collectors.joining(SEPARATOR));
    }

    /**
     * The replica list that a shard id stands for.
     *
     * @throws IllegalArgumentException if it is no such id
     */
    public static List<Integer> replicasOf(String shardId) {
        try {
            return Arrays.stream(shardId.split(SEPARATOR, -1)).map(Integer::valueOf).toList();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a shard id: " + shardId, e);
        }
    }
}
