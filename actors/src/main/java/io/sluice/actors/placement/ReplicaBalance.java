package io.sluice.actors.placement;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;

/** Decides which nodes hold a partition: replicas leave, missing ones are placed, racks are used, nodes carry about the same. */
final class ReplicaBalance implements Evening.Transfers {

    private final PlanningState state;
    private final int nodes;
    /** For each pair of nodes, the partitions that may go from one to the other. */
    private final int[][] movable;

    ReplicaBalance(PlanningState state) {
        this.state = state;
        this.nodes = state.nodeCount();
        this.movable = new int[nodes][nodes];
    }

    void settle() {
        int missing = 0;
        for (int p = 0; p < state.partitionCount(); p++) {
            missing += strip(p);
        }
        int receivers = 0;
        int total = missing;
        for (int node = 0; node < nodes; node++) {
            receivers += state.receives(node) ? 1 : 0;
            total += state.receives(node) ? state.held(node) : 0;
        }
        if (receivers == 0) {
            return;
        }
        int low = Evening.lowest(total, receivers);
        int high = Evening.highest(total, receivers);
        int share = Math.ceilDiv(total, receivers);
        for (int p = 0; p < state.partitionCount(); p++) {
            fill(p, low, share);
        }
        for (int p = 0; p < state.partitionCount(); p++) {
            spreadOverRacks(p);
            countMovable(state.setOf(p), 1);
        }
        new Evening(state.receivers(), low, high, 2, this).settle();
    }

    /** Lets replicas go that must leave and can be replaced, and those beyond the number wanted. Returns how many are to be placed. */
    private int strip(int p) {
        int wanted = state.partition(p).replicationFactor();
        int staying = 0;
        int free = 0;
        for (int node = 0; node < nodes; node++) {
            boolean holds = state.setOf(p).get(node);
            staying += holds && !state.empties(node) ? 1 : 0;
            free += !holds && state.receives(node) ? 1 : 0;
        }
        int stuck = Math.max(0, wanted - staying - free);
        for (int node = 0; node < nodes; node++) {
            if (state.empties(node) && state.setOf(p).get(node)) {
                state.markUrgent(p);
                if (stuck > 0) {
                    stuck--;
                } else {
                    state.replace(p, node, -1);
                }
            }
        }
        while (state.setOf(p).cardinality() > wanted) {
            state.replace(p, worst(p), -1);
        }
        int missing = Math.min(wanted - state.setOf(p).cardinality(), free);
        if (missing > 0) {
            state.markUrgent(p);
        }
        return missing;
    }

    /** Which replica to let go when there are too many: one in a crowded rack, not the leader, on the node that carries most. */
    private int worst(int p) {
        BitSet set = state.setOf(p);
        int worst = -1;
        for (int node = set.nextSetBit(0); node >= 0; node = set.nextSetBit(node + 1)) {
            if (worst < 0 || isWorse(p, node, worst)) {
                worst = node;
            }
        }
        return worst;
    }

    private boolean isWorse(int p, int node, int other) {
        int crowding = Integer.compare(state.crowding(state.setOf(p), -1, node),
                state.crowding(state.setOf(p), -1, other));
        if (crowding != 0) {
            return crowding > 0;
        }
        if (state.formerLeader(p) == node || state.formerLeader(p) == other) {
            return state.formerLeader(p) == other;
        }
        return state.held(node) > state.held(other);
    }

    private void fill(int p, int low, int share) {
        int wanted = state.partition(p).replicationFactor();
        while (state.setOf(p).cardinality() < wanted) {
            int node = place(p, low, share);
            if (node < 0) {
                return;
            }
            state.replace(p, -1, node);
        }
    }

    /**
     * The node for one more replica: in a rack that has least of this partition, then one that has too little, then one below its share. Among equal
     * ones the set that is in use wins: so the partitions of a list go to the same place until that has its share.
     */
    private int place(int p, int low, int share) {
        BitSet set = state.setOf(p);
        int best = -1;
        int[] bestRank = null;
        for (int node = 0; node < nodes; node++) {
            if (!state.receives(node) || set.get(node)) {
                continue;
            }
            int held = state.held(node);
            int[] rank = {state.crowding(set, -1, node), held < low ? 0 : held < share ? 1 : 2,
                    held < share && state.isInUse(PlanningState.changed(set, -1, node)) ? 0 : 1, held};
            if (bestRank == null || Arrays.compare(rank, bestRank) < 0) {
                best = node;
                bestRank = rank;
            }
        }
        return best;
    }

    /** Replaces replicas that share a rack while another rack has fewer of this partition. */
    private void spreadOverRacks(int p) {
        while (true) {
            BitSet set = state.setOf(p);
            int from = -1;
            int to = -1;
            int bestGain = 0;
            int bestDifference = 0;
            for (int a = set.nextSetBit(0); a >= 0; a = set.nextSetBit(a + 1)) {
                for (int b = 0; b < nodes; b++) {
                    if (!state.receives(a) || !state.receives(b) || set.get(b)) {
                        continue;
                    }
                    int gain = state.crowding(set, a, a) - state.crowding(set, a, b);
                    int difference = state.held(a) - state.held(b);
                    if (gain > bestGain || (gain == bestGain && gain > 0 && difference > bestDifference)) {
                        from = a;
                        to = b;
                        bestGain = gain;
                        bestDifference = difference;
                    }
                }
            }
            if (from < 0) {
                return;
            }
            state.replace(p, from, to);
        }
    }

    /** Whether a replica may be replaced: racks are used as well as before. */
    private boolean mayReplace(BitSet set, int from, int to) {
        return state.receives(from) && state.receives(to) && set.get(from) && !set.get(to)
                && state.crowding(set, from, to) <= state.crowding(set, from, from);
    }

    private void countMovable(BitSet set, int change) {
        for (int from = set.nextSetBit(0); from >= 0; from = set.nextSetBit(from + 1)) {
            for (int to = 0; to < nodes; to++) {
                if (mayReplace(set, from, to)) {
                    movable[from][to] += change;
                }
            }
        }
    }

    @Override
    public int countOf(int node) {
        return state.held(node);
    }

    @Override
    public boolean isPossible(int from, int to) {
        return movable[from][to] > 0;
    }

    @Override
    public void transfer(int from, int to) {
        int p = choose(from, to);
        countMovable(state.setOf(p), -1);
        state.replace(p, from, to);
        countMovable(state.setOf(p), 1);
    }

    /** Which partition goes: it keeps its leader, its new set is in use, and its topic is spread by it. */
    private int choose(int from, int to) {
        int best = -1;
        int bestRank = -1;
        int bestSurplus = 0;
        for (Map.Entry<BitSet, Set<Integer>> group : state.groups().entrySet()) {
            if (!mayReplace(group.getKey(), from, to)) {
                continue;
            }
            int inUse = state.isInUse(PlanningState.changed(group.getKey(), from, to)) ? 1 : 0;
            for (int p : group.getValue()) {
                int rank = inUse + (state.formerLeader(p) == from ? 0 : 2);
                int surplus = state.topicSurplus(p, from, to);
                if (rank > bestRank || (rank == bestRank && surplus > bestSurplus)) {
                    best = p;
                    bestRank = rank;
                    bestSurplus = surplus;
                }
            }
        }
        return best;
    }
}
