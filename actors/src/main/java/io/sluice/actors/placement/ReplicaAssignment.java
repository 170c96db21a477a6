package io.sluice.actors.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the replicas of new partitions. Deterministic: the same input gives the same lists.
 *
 * <p>The order of wishes: the leaders of one topic are spread evenly over the nodes, then its replicas; a partition's replicas lie in as many
 * racks as can be; what is still open goes to the node that carries least in all, and last to the one that follows the leader in the ring of node
 * ids. The ring keeps the number of different lists, and so of shards, near the number of nodes.
 */
public final class ReplicaAssignment {

    private final List<Candidate> ring;
    private final ReplicaLoad load;
    private final Map<Integer, Integer> topicLeaders = new HashMap<>();
    private final Map<Integer, Integer> topicReplicas = new HashMap<>();

    private ReplicaAssignment(Collection<Candidate> alive, Collection<List<Integer>> existing, ReplicaLoad load) {
        ring = alive.stream().sorted(Comparator.comparingInt(Candidate::id)).toList();
        this.load = load;
        existing.forEach(this::count);
    }

    /**
     * Chooses replicas for partitions of one topic.
     *
     * @param partitions number of partitions to place
     * @param replicationFactor replicas of each
     * @param alive the nodes that may hold one
     * @param existing replica lists that the topic already has, when it grows; empty for a new one
     * @param load what each node carries of all topics
     * @return for each new partition its replicas, preferred leader first
     * @throws IllegalArgumentException if the replication factor is below 1 or above the number of nodes
     */
    public static List<List<Integer>> assign(int partitions, int replicationFactor, Collection<Candidate> alive,
            Collection<List<Integer>> existing, ReplicaLoad load) {
        if (replicationFactor < 1 || replicationFactor > alive.size()) {
            throw new IllegalArgumentException("replication factor " + replicationFactor + " needs between 1 and "
                    + alive.size() + ", the number of nodes that are up");
        }
        ReplicaAssignment assignment = new ReplicaAssignment(alive, existing, load);
        List<List<Integer>> chosen = new ArrayList<>(partitions);
        for (int i = 0; i < partitions; i++) {
            chosen.add(assignment.next(replicationFactor));
        }
        return chosen;
    }

    private List<Integer> next(int replicationFactor) {
        int leader = leader();
        List<Integer> replicas = new ArrayList<>(replicationFactor);
        Set<String> racks = new HashSet<>();
        take(leader, replicas, racks);
        while (replicas.size() < replicationFactor) {
            take(follower(leader, replicas, racks), replicas, racks);
        }
        count(replicas);
        return List.copyOf(replicas);
    }

    private int leader() {
        Comparator<Integer> order = Comparator.comparingInt((Integer at) -> topicLeaders.getOrDefault(id(at), 0))
                .thenComparingInt(at -> topicReplicas.getOrDefault(id(at), 0))
                .thenComparingInt(at -> load.leadersOf(id(at))).thenComparingInt(at -> load.replicasOf(id(at)));
        return best(order, List.of());
    }

    private int follower(int leader, List<Integer> taken, Set<String> racks) {
        Comparator<Integer> order = Comparator.comparing((Integer at) -> racks.contains(ring.get(at).rackOrId()))
                .thenComparingInt(at -> topicReplicas.getOrDefault(id(at), 0))
                .thenComparingInt(at -> load.replicasOf(id(at)))
                .thenComparingInt(at -> Math.floorMod(at - leader, ring.size()));
        return best(order, taken);
    }

    private int best(Comparator<Integer> order, List<Integer> taken) {
        int best = -1;
        for (int at = 0; at < ring.size(); at++) {
            if (!taken.contains(id(at)) && (best < 0 || order.compare(at, best) < 0)) {
                best = at;
            }
        }
        return best;
    }

    private void take(int at, List<Integer> replicas, Set<String> racks) {
        replicas.add(id(at));
        racks.add(ring.get(at).rackOrId());
    }

    private void count(List<Integer> replicas) {
        topicLeaders.merge(replicas.getFirst(), 1, Integer::sum);
        replicas.forEach(node -> topicReplicas.merge(node, 1, Integer::sum));
    }

    private int id(int at) {
        return ring.get(at).id();
    }

    /**
     * A node that may hold replicas.
     *
     * @param id its id
     * @param rack its rack, or null: then it counts as a rack of its own
     */
    public record Candidate(int id, String rack) {
        private String rackOrId() {
            return rack == null ? "\0" + id : rack;
        }
    }
}
