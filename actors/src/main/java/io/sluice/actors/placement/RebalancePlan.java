package io.sluice.actors.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What to move so that the nodes of a cluster carry their share. Pure and deterministic: the same cluster gives the same plan, and once a plan is
 * carried out the next one is empty.
 *
 * <p>The order of wishes: replicas leave nodes that must be emptied and every partition has as many as it wants; a partition's replicas lie in as
 * many racks as can be; nodes carry about the same number of replicas; they are the preferred leader of about the same number of partitions (within 10 %, or one). Each is
 * met with as few moves as possible, and none at the cost of one before it. A partition never gets fewer replicas than it has: where too few nodes
 * may receive, a replica stays on a node that should be emptied.
 *
 * <p>A replica list is a shard, so what is open is decided for lists that are there already.
 *
 * @param moves what to change, the urgent first: replicas that must leave or are missing, then what balances, then leaderships
 * @param nodes what changes for each node, by id
 */
public record RebalancePlan(List<Move> moves, List<NodeShare> nodes) {

    public RebalancePlan {
        moves = List.copyOf(moves);
        nodes = List.copyOf(nodes);
    }

    /**
     * Plans.
     *
     * @param nodes every node that is registered; a replica on any other is one that must leave
     * @param partitions all partitions, internal ones too, in any order
     */
    public static RebalancePlan of(Collection<Node> nodes, Collection<Partition> partitions) {
        PlanningState state = new PlanningState(nodes, partitions.stream()
                .sorted(Comparator.comparing(Partition::topic).thenComparingInt(Partition::partition)).toList());
        new ReplicaBalance(state).settle();
        new LeaderBalance(state).settle();
        ReplicaLists lists = new ReplicaLists(state);
        List<Move> urgent = new ArrayList<>();
        List<Move> balancing = new ArrayList<>();
        List<Move> leaderships = new ArrayList<>();
        List<List<Integer>> after = new ArrayList<>();
        for (int p = 0; p < state.partitionCount(); p++) {
            Partition partition = state.partition(p);
            List<Integer> replicas = lists.of(p);
            after.add(replicas);
            if (!replicas.equals(partition.replicas())) {
                Move move = new Move(partition.topic(), partition.partition(), partition.replicas(), replicas);
                boolean only = move.isLeadershipMove();
                (only ? leaderships : state.wasUrgent(p) ? urgent : balancing).add(move);
            }
        }
        urgent.addAll(balancing);
        urgent.addAll(leaderships);
        return new RebalancePlan(urgent, shares(nodes, urgent, ReplicaLoad.of(after)));
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return moves.isEmpty();
    }

    /** Number of replicas that are copied to a node which does not have them. */
    public int replicaMoves() {
        return moves.stream().mapToInt(move -> move.added().size()).sum();
    }

    /** Number of partitions that get another preferred leader. */
    public int leaderChanges() {
        return (int) moves.stream().filter(Move::changesLeader).count();
    }

    private static List<NodeShare> shares(Collection<Node> nodes, List<Move> moves, ReplicaLoad after) {
        TreeMap<Integer, int[]> changes = new TreeMap<>();
        nodes.forEach(node -> changes.put(node.id(), new int[4]));
        for (Move move : moves) {
            move.added().forEach(node -> count(changes, node, 0));
            move.removed().forEach(node -> count(changes, node, 1));
            if (move.changesLeader()) {
                count(changes, move.replicas().getFirst(), 2);
                count(changes, move.before().getFirst(), 3);
            }
        }
        return changes.entrySet().stream().map(entry -> {
            int id = entry.getKey();
            int[] n = entry.getValue();
            return new NodeShare(id, n[0], n[1], n[2], n[3], after.replicasOf(id), after.leadersOf(id));
        }).toList();
    }

    private static void count(TreeMap<Integer, int[]> changes, int node, int what) {
        changes.computeIfAbsent(node, id -> new int[4])[what]++;
    }

    /**
     * A node.
     *
     * @param id its id
     * @param rack its rack, or null: then it counts as a rack of its own
     * @param receives whether it may be given replicas and leaderships; one that is down for a short time keeps what it has and gets nothing
     * @param empties whether its replicas must leave: it is drained, or lost for too long. It then receives nothing, whatever {@code receives} says
     */
    public record Node(int id, String rack, boolean receives, boolean empties) {
        public Node {
            receives = receives && !empties;
        }
    }

    /**
     * A partition as it is, or as it will be once the reassignment under way is done.
     *
     * @param topic name of its topic
     * @param partition its number
     * @param replicas ids of the nodes that hold it, preferred leader first; at least one
     * @param replicationFactor replicas that it wants, at least 1
     */
    public record Partition(String topic, int partition, List<Integer> replicas, int replicationFactor) {
        public Partition {
            replicas = List.copyOf(replicas);
            if (replicas.isEmpty() || replicationFactor < 1) {
                throw new IllegalArgumentException("a partition has and wants at least one replica");
            }
        }
    }

    /**
     * A new replica list for a partition.
     *
     * @param before the list it has
     * @param replicas the list it shall have, preferred leader first
     */
    public record Move(String topic, int partition, List<Integer> before, List<Integer> replicas) {

        /** Whether only the order changes: nothing is copied. */
        public boolean isLeadershipMove() {
            return added().isEmpty() && removed().isEmpty();
        }

        /** Whether the preferred leader changes. */
        public boolean changesLeader() {
            return !before.getFirst().equals(replicas.getFirst());
        }

        /** The nodes that get a replica. */
        public List<Integer> added() {
            return replicas.stream().filter(node -> !before.contains(node)).toList();
        }

        /** The nodes that lose theirs. */
        public List<Integer> removed() {
            return before.stream().filter(node -> !replicas.contains(node)).toList();
        }
    }

    /**
     * What a plan changes for one node.
     *
     * @param id the node
     * @param replicasIn replicas that it gets
     * @param replicasOut replicas that leave it
     * @param leadersIn partitions that it becomes the preferred leader of
     * @param leadersOut partitions that get another preferred leader
     * @param replicas replicas that it then has
     * @param leaders partitions that it then is the preferred leader of
     */
    public record NodeShare(int id, int replicasIn, int replicasOut, int leadersIn, int leadersOut, int replicas,
            int leaders) {}
}
