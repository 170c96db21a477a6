package io.sluice.actors.placement;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Decides which of the nodes that hold a partition is its preferred leader: about the same number on each, with as few changes as possible. */
final class LeaderBalance implements Evening.Transfers {

    private record Led(int leader, BitSet set) {}

    private final PlanningState state;
    private final int[] leaders;
    private final Map<Integer, Set<Integer>> ledBy = new HashMap<>();
    private final Map<Led, Integer> inUse = new HashMap<>();
    private final int[][] ledOfTopic;
    private final int[][] movable;

    LeaderBalance(PlanningState state) {
        this.state = state;
        int nodes = state.nodeCount();
        leaders = new int[state.partitionCount()];
        ledOfTopic = new int[state.topicCount()][nodes];
        movable = new int[nodes][nodes];
        for (int node = 0; node < nodes; node++) {
            ledBy.put(node, new TreeSet<>());
        }
    }

    void settle() {
        for (int p = 0; p < leaders.length; p++) {
            if (!mustChange(p)) {
                lead(p, state.formerLeader(p));
            }
        }
        for (int p = 0; p < leaders.length; p++) {
            if (mustChange(p)) {
                lead(p, newLeader(p));
            }
        }
        int receivers = 0;
        int led = 0;
        for (int node = 0; node < state.nodeCount(); node++) {
            receivers += state.receives(node) ? 1 : 0;
            led += state.receives(node) ? countOf(node) : 0;
        }
        if (receivers > 0) {
            new Evening(state.receivers(), Evening.lowest(led, receivers), Evening.highest(led, receivers),
                    state.nodeCount(), this).settle();
        }
        for (int p = 0; p < leaders.length; p++) {
            state.elect(p, leaders[p]);
        }
    }

    private boolean mustChange(int p) {
        int former = state.formerLeader(p);
        return !state.setOf(p).get(former) || (state.empties(former) && newLeader(p) != former);
    }

    /** The node of the set that may lead and leads least; the former leader, or the first, if none may. */
    private int newLeader(int p) {
        BitSet set = state.setOf(p);
        int best = -1;
        for (int node = set.nextSetBit(0); node >= 0; node = set.nextSetBit(node + 1)) {
            if (state.receives(node) && (best < 0 || countOf(node) < countOf(best))) {
                best = node;
            }
        }
        if (best >= 0) {
            return best;
        }
        return set.get(state.formerLeader(p)) ? state.formerLeader(p) : set.nextSetBit(0);
    }

    @Override
    public int countOf(int node) {
        return ledBy.get(node).size();
    }

    @Override
    public boolean isPossible(int from, int to) {
        return movable[from][to] > 0;
    }

    @Override
    public void transfer(int from, int to) {
        int best = -1;
        int bestRank = -1;
        int bestSurplus = 0;
        for (int p : ledBy.get(from)) {
            if (state.setOf(p).get(to)) {
                int rank = rank(p, from, to);
                int surplus = ledOfTopic[state.topicOf(p)][from] - ledOfTopic[state.topicOf(p)][to];
                if (rank > bestRank || (rank == bestRank && surplus > bestSurplus)) {
                    best = p;
                    bestRank = rank;
                    bestSurplus = surplus;
                }
            }
        }
        count(best, -1);
        lead(best, to);
    }

    /** Which partition changes its leader: one that gets back the leader it had, one that changes it anyway, one whose new list is in use. */
    private int rank(int p, int from, int to) {
        int former = state.formerLeader(p);
        int change = former == to ? 4 : former == from ? 0 : 2;
        return change + (inUse.containsKey(new Led(to, state.setOf(p))) ? 1 : 0);
    }

    private void lead(int p, int node) {
        leaders[p] = node;
        count(p, 1);
    }

    private void count(int p, int change) {
        int leader = leaders[p];
        BitSet set = state.setOf(p);
        if (change > 0) {
            ledBy.get(leader).add(p);
        } else {
            ledBy.get(leader).remove(p);
        }
        inUse.merge(new Led(leader, set), change, (now, more) -> now + more == 0 ? null : now + more);
        ledOfTopic[state.topicOf(p)][leader] += change;
        for (int node = set.nextSetBit(0); node >= 0; node = set.nextSetBit(node + 1)) {
            if (node != leader) {
                movable[leader][node] += change;
            }
        }
    }
}
