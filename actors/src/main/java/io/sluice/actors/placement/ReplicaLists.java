package io.sluice.actors.placement;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order of the followers, the last thing that is open. A partition that changes gets the list that most partitions with the same nodes and the
 * same leader have, and if none has, the followers in the ring of node ids after the leader; the others keep theirs. So few lists are in use.
 */
final class ReplicaLists {

    private record Led(int leader, BitSet set) {}

    private final PlanningState state;
    private final Map<Led, List<Integer>> listOf = new HashMap<>();

    ReplicaLists(PlanningState state) {
        this.state = state;
        Map<List<Integer>, Integer> uses = new HashMap<>();
        for (int p = 0; p < state.partitionCount(); p++) {
            if (isUnchanged(p)) {
                List<Integer> list = state.partition(p).replicas();
                int times = uses.merge(list, 1, Integer::sum);
                listOf.merge(led(p), list, (now, other) -> times > uses.get(now) ? other : now);
            }
        }
    }

    /** The partition's replicas as node ids, preferred leader first. */
    List<Integer> of(int p) {
        return isUnchanged(p) ? state.partition(p).replicas() : listOf.computeIfAbsent(led(p), this::inRing);
    }

    private boolean isUnchanged(int p) {
        return state.leader(p) == state.formerLeader(p) && state.setOf(p).equals(state.formerSet(p));
    }

    private Led led(int p) {
        return new Led(state.leader(p), state.setOf(p));
    }

    private List<Integer> inRing(Led led) {
        int nodes = state.nodeCount();
        return led.set.stream().boxed().sorted((a, b) -> Integer.compare(Math.floorMod(a - led.leader, nodes),
                Math.floorMod(b - led.leader, nodes))).map(state::id).toList();
    }
}
