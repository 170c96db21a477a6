package io.sluice.actors.placement;

import io.sluice.actors.placement.RebalancePlan.Node;
import io.sluice.actors.placement.RebalancePlan.Partition;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A cluster while a plan for it is made. Nodes and partitions are numbered from 0, in the order of their ids and names. Partitions are grouped by
 * their set of replicas, since all decisions but the last depend on the set alone and there are few sets.
 */
final class PlanningState {

    private final List<Partition> partitions;
    private final int[] ids;
    private final int[] rackOf;
    private final boolean[] receives;
    private final boolean[] empties;
    private final BitSet[] formerSet;
    private final BitSet[] setOf;
    private final int[] formerLeader;
    private final int[] leader;
    private final BitSet urgent = new BitSet();
    private final int[] topicOf;
    private final int[] held;
    private final int[][] heldOfTopic;
    private final Map<BitSet, Set<Integer>> groups = new LinkedHashMap<>();

    PlanningState(Collection<Node> nodes, List<Partition> partitions) {
        this.partitions = partitions;
        TreeMap<Integer, Node> byId = new TreeMap<>();
        nodes.forEach(node -> byId.put(node.id(), node));
        partitions.forEach(partition -> partition.replicas()
                .forEach(id -> byId.computeIfAbsent(id, gone -> new Node(gone, null, false, true))));
        int count = byId.size();
        ids = new int[count];
        rackOf = new int[count];
        receives = new boolean[count];
        empties = new boolean[count];
        Map<Integer, Integer> indexes = new HashMap<>();
        Map<String, Integer> racks = new HashMap<>();
        for (Node node : byId.values()) {
            int i = indexes.size();
            indexes.put(node.id(), i);
            ids[i] = node.id();
            rackOf[i] = node.rack() == null ? count + i : racks.computeIfAbsent(node.rack(), rack -> racks.size());
            receives[i] = node.receives();
            empties[i] = node.empties();
        }
        setOf = new BitSet[partitions.size()];
        formerLeader = new int[partitions.size()];
        topicOf = new int[partitions.size()];
        held = new int[count];
        Map<String, Integer> topics = new HashMap<>();
        for (int p = 0; p < setOf.length; p++) {
            topicOf[p] = topics.computeIfAbsent(partitions.get(p).topic(), topic -> topics.size());
        }
        heldOfTopic = new int[topics.size()][count];
        for (int p = 0; p < setOf.length; p++) {
            List<Integer> replicas = partitions.get(p).replicas();
            BitSet set = new BitSet(count);
            replicas.forEach(id -> set.set(indexes.get(id)));
            formerLeader[p] = indexes.get(replicas.getFirst());
            join(p, set);
        }
        formerSet = setOf.clone();
        leader = formerLeader.clone();
    }

    int nodeCount() {
        return ids.length;
    }

    int partitionCount() {
        return setOf.length;
    }

    int id(int node) {
        return ids[node];
    }

    boolean receives(int node) {
        return receives[node];
    }

    boolean empties(int node) {
        return empties[node];
    }

    /** The nodes that may be given something, as flags. */
    boolean[] receivers() {
        return receives.clone();
    }

    Partition partition(int p) {
        return partitions.get(p);
    }

    /** Number of the topic that the partition belongs to, below {@link #topicCount}. */
    int topicOf(int p) {
        return topicOf[p];
    }

    int topicCount() {
        return heldOfTopic.length;
    }

    /** The nodes that hold the partition; not to be changed. */
    BitSet setOf(int p) {
        return setOf[p];
    }

    /** The preferred leader that the partition came with. It may hold it no more. */
    int formerLeader(int p) {
        return formerLeader[p];
    }

    /** The nodes that held the partition at first; not to be changed. */
    BitSet formerSet(int p) {
        return formerSet[p];
    }

    /** The preferred leader. */
    int leader(int p) {
        return leader[p];
    }

    /** Makes a node that holds the partition its preferred leader. */
    void elect(int p, int node) {
        leader[p] = node;
    }

    /** Replicas on a node. */
    int held(int node) {
        return held[node];
    }

    /** The partitions of each set of replicas; not to be changed. */
    Map<BitSet, Set<Integer>> groups() {
        return groups;
    }

    /** Whether some partition has this set of replicas. */
    boolean isInUse(BitSet set) {
        return groups.containsKey(set);
    }

    /** How much more of the partition's topic one node holds than another. */
    int topicSurplus(int p, int node, int other) {
        int[] ofTopic = heldOfTopic[topicOf[p]];
        return ofTopic[node] - ofTopic[other];
    }

    /** Whether the partition lacked a replica or had one that must leave. */
    boolean wasUrgent(int p) {
        return urgent.get(p);
    }

    void markUrgent(int p) {
        urgent.set(p);
    }

    /** Number of other replicas in the rack of a node, if one of the set were replaced by it; {@code without} is -1 if none leaves. */
    int crowding(BitSet set, int without, int node) {
        int same = 0;
        for (int other = set.nextSetBit(0); other >= 0; other = set.nextSetBit(other + 1)) {
            if (other != without && other != node && rackOf[other] == rackOf[node]) {
                same++;
            }
        }
        return same;
    }

    /** The set with one replica more, one less, or another one; -1 means none. */
    static BitSet changed(BitSet set, int remove, int add) {
        BitSet result = (BitSet) set.clone();
        if (remove >= 0) {
            result.clear(remove);
        }
        if (add >= 0) {
            result.set(add);
        }
        return result;
    }

    /** Replaces a replica, or only adds or removes one where the other is -1. */
    void replace(int p, int remove, int add) {
        BitSet before = setOf[p];
        Set<Integer> group = groups.get(before);
        group.remove(p);
        if (group.isEmpty()) {
            groups.remove(before);
        }
        count(p, before, -1);
        join(p, changed(before, remove, add));
    }

    private void join(int p, BitSet set) {
        setOf[p] = set;
        groups.computeIfAbsent(set, first -> new LinkedHashSet<>()).add(p);
        count(p, set, 1);
    }

    private void count(int p, BitSet set, int change) {
        for (int node = set.nextSetBit(0); node >= 0; node = set.nextSetBit(node + 1)) {
            held[node] += change;
            heldOfTopic[topicOf[p]][node] += change;
        }
    }
}
