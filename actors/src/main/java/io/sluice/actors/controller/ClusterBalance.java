package io.sluice.actors.controller;

import io.sluice.actors.config.BrokerConfigs;
import io.sluice.actors.controller.Controller.NewReplicas;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.placement.RebalancePlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.internals.Topic;

/**
 * Decides which partitions begin to move next, so that each node carries its share: nodes that joined get some, those that are drained or have been dead
 * for too long lose theirs. Plans when nodes or topics have changed, then begins a few moves at each look. What it remembers is lost with the controller,
 * and costs the next one no more than a little patience. For one thread.
 */
final class ClusterBalance {

    private final BalanceSettings settings;
    /** When each node was first seen as it is now, alive or not, by id. */
    private final Map<Integer, Seen> seen = new HashMap<>();
    private final Deque<RebalancePlan.Move> planned = new ArrayDeque<>();
    private Basis basis;

    private record Seen(boolean alive, String address, long sinceNanos) {}

    /** What a plan follows from. */
    private record Basis(Map<String, TopicImage> topics, Set<RebalancePlan.Node> nodes) {

        @SuppressWarnings("ReferenceEquality") // a change of topics makes another map, and comparing thousands would cost at each look
        boolean is(Basis other) {
            return other != null && topics == other.topics && nodes.equals(other.nodes);
        }
    }

    ClusterBalance(BalanceSettings settings) {
        this.settings = settings;
    }

    /**
     * The moves to begin now.
     *
     * @param alive addresses of the nodes that are up and reachable
     * @param nowNanos a monotonous time
     */
    List<NewReplicas> next(ClusterMetadata metadata, Set<String> alive, long nowNanos) {
        watch(metadata, alive, nowNanos);
        long underWay = underWay(metadata);
        if (planned.isEmpty() && underWay == 0) {
            plan(metadata, nowNanos);
        }
        List<NewReplicas> next = new ArrayList<>();
        while (!planned.isEmpty() && next.size() < settings.concurrentMoves() - underWay) {
            RebalancePlan.Move move = planned.poll();
            metadata.topic(move.topic()).filter(topic -> topic.hasPartition(move.partition())
                    && topic.goal(move.partition()).equals(move.before()))
                    .ifPresent(topic -> next.add(new NewReplicas(move.topic(), move.partition(), move.replicas())));
        }
        return next;
    }

    /** Whether a node's replicas shall go elsewhere. */
    static boolean isDraining(ClusterMetadata metadata, int node) {
        return BrokerConfigs.isDraining(metadata.configsOf(node));
    }

    private void watch(ClusterMetadata metadata, Set<String> alive, long nowNanos) {
        seen.keySet().retainAll(metadata.nodes().keySet());
        for (NodeImage node : metadata.nodes().values()) {
            boolean up = alive.contains(node.address());
            Seen before = seen.get(node.id());
            if (before == null || before.alive() != up || !before.address().equals(node.address())) {
                seen.put(node.id(), new Seen(up, node.address(), nowNanos));
            }
        }
    }

    private void plan(ClusterMetadata metadata, long nowNanos) {
        Set<RebalancePlan.Node> nodes = new HashSet<>();
        metadata.nodes().values().forEach(node -> nodes.add(role(metadata, node, nowNanos)));
        Basis now = new Basis(metadata.topicsByName(), nodes);
        if (!now.is(basis)) {
            basis = now;
            List<RebalancePlan.Partition> partitions = new ArrayList<>();
            metadata.topics().forEach(topic -> {
                for (int i = 0; i < topic.partitionCount(); i++) {
                    partitions.add(new RebalancePlan.Partition(topic.name(), i, topic.goal(i), factor(topic, i)));
                }
            });
            RebalancePlan.of(nodes, partitions).moves().stream()
                    .filter(move -> settings.automatic() || isAskedFor(metadata, move)).forEach(planned::add);
        }
    }

    /** Whether somebody wants the move: it empties a node that is drained. */
    private static boolean isAskedFor(ClusterMetadata metadata, RebalancePlan.Move move) {
        return move.removed().stream().anyMatch(node -> isDraining(metadata, node));
    }

    private RebalancePlan.Node role(ClusterMetadata metadata, NodeImage node, long nowNanos) {
        Seen now = seen.get(node.id());
        long forNanos = nowNanos - now.sinceNanos();
        boolean lost = settings.automatic() && !now.alive() && forNanos >= settings.rebuildAfter().toNanos();
        return new RebalancePlan.Node(node.id(), node.rack(), now.alive() && forNanos >= settings.settle().toNanos(),
                lost || isDraining(metadata, node.id()));
    }

    /** A topic of the cluster itself, made when there were fewer nodes, gets as many replicas as it should have had. */
    private int factor(TopicImage topic, int partition) {
        int now = topic.goal(partition).size();
        return topic.name().equals(Topic.GROUP_METADATA_TOPIC_NAME)
                ? Math.max(now, settings.offsetsReplicationFactor())
                : now;
    }

    private static long underWay(ClusterMetadata metadata) {
        return metadata.topics().stream().mapToLong(topic -> topic.configurations().values().stream()
                .filter(configuration -> configuration.isReassigning()).count()).sum();
    }
}
