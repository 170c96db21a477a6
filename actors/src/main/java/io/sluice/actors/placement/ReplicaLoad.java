package io.sluice.actors.placement;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much each node carries. Immutable.
 *
 * @param leaders by node id, the number of partitions it is the preferred leader of; a node that is missing has none
 * @param replicas by node id, the number of partitions it holds, led ones included
 */
public record ReplicaLoad(Map<Integer, Integer> leaders, Map<Integer, Integer> replicas) {

    /** Nobody carries anything. */
    public static final ReplicaLoad NONE = new ReplicaLoad(Map.of(), Map.of());

    public ReplicaLoad {
        leaders = Map.copyOf(leaders);
        replicas = Map.copyOf(replicas);
    }

    /** The load of these partitions, each given by its replica list. */
    public static ReplicaLoad of(Collection<List<Integer>> partitions) {
        Map<Integer, Integer> leaders = new HashMap<>();
        Map<Integer, Integer> replicas = new HashMap<>();
        for (List<Integer> partition : partitions) {
            leaders.merge(partition.getFirst(), 1, Integer::sum);
            partition.forEach(node -> replicas.merge(node, 1, Integer::sum));
        }
        return new ReplicaLoad(leaders, replicas);
    }

    int leadersOf(int node) {
        return leaders.getOrDefault(node, 0);
    }

    int replicasOf(int node) {
        return replicas.getOrDefault(node, 0);
    }
}
