package io.sluice.actors.image;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is so now and stored nowhere.
 *
 * @param alive cluster addresses of the nodes that are up and reachable
 * @param controller cluster address of the node that runs the controller, or null while none is known
 * @param lagging what each node, by id, says of the partitions that it leads: for a replica list, by its shard id, the nodes that have not caught up
 */
public record MemberView(Set<String> alive, String controller, Map<Integer, Map<String, List<Integer>>> lagging) {

    /** Nobody is known yet. */
    public static final MemberView NONE = new MemberView(Set.of(), null);

    public MemberView {
        alive = Set.copyOf(alive);
        lagging = Map.copyOf(lagging);
    }

    /** Where nobody lags. */
    public MemberView(Set<String> alive, String controller) {
        this(alive, controller, Map.of());
    }

    /** The nodes that have not caught up, by shard id, as far as nodes say so that are alive themselves. */
    Map<String, Set<Integer>> laggards(Map<Integer, NodeImage> nodes) {
        Map<String, Set<Integer>> laggards = new HashMap<>();
        lagging.forEach((reporter, lists) -> {
            NodeImage node = nodes.get(reporter);
            if (node != null && node.alive()) {
                lists.forEach(
                        (shardId, late) -> laggards.computeIfAbsent(shardId, id -> new HashSet<>()).addAll(late));
            }
        });
        return laggards;
    }
}
