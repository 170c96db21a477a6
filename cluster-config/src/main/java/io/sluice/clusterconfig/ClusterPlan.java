package io.sluice.clusterconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sluice.actors.config.BrokerConfigs;
import io.sluice.actors.placement.RebalancePlan;
import io.sluice.actors.placement.RebalancePlan.Move;
import io.sluice.actors.placement.RebalancePlan.NodeShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.internals.Topic;

/** What would move in a cluster, as the controller plans it, for people and for programs. */
record ClusterPlan(RebalancePlan plan) {

    private static final int VERSION = 1;

    /** The JSON form; kafka-reassign-partitions takes it as it is, since it reads {@code version} and {@code partitions} only. */
    private record Document(int version, List<Line> partitions, List<NodeShare> nodes, int replicaMoves,
            int leaderChanges) {}

    private record Line(String topic, int partition, List<Integer> before, List<Integer> replicas) {}

    /**
     * Plans from what a cluster tells.
     *
     * @param drained whether a node is to be emptied, besides those that are being emptied
     */
    static ClusterPlan of(ClusterView view, IntPredicate drained) {
        List<RebalancePlan.Node> nodes = view.nodes().values().stream()
                .map(node -> new RebalancePlan.Node(node.id(), node.rack(), view.isUp(node.id()),
                        view.isDraining(node.id()) || drained.test(node.id())))
                .toList();
        List<RebalancePlan.Partition> partitions = new ArrayList<>();
        for (TopicDescription topic : view.topics()) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                List<Integer> goal = goal(view, new TopicPartition(topic.name(), partition.partition()), partition);
                partitions.add(new RebalancePlan.Partition(topic.name(), partition.partition(), goal,
                        Math.max(goal.size(), leastReplicas(view, topic.name()))));
            }
        }
        return new ClusterPlan(RebalancePlan.of(nodes, partitions));
    }

    /** The partitions that keep a replica on a node although it is to be emptied: too few others could take it. */
    List<String> stuckOn(ClusterView view, int node) {
        Map<TopicPartition, Move> moves = plan.moves().stream().collect(
                Collectors.toMap(move -> new TopicPartition(move.topic(), move.partition()), move -> move));
        List<String> stuck = new ArrayList<>();
        for (TopicDescription topic : view.topics()) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                TopicPartition key = new TopicPartition(topic.name(), partition.partition());
                Move move = moves.get(key);
                if ((move == null ? goal(view, key, partition) : move.replicas()).contains(node)) {
                    stuck.add(key.toString());
                }
            }
        }
        return stuck.stream().sorted().toList();
    }

    private static List<Integer> goal(ClusterView view, TopicPartition key, TopicPartitionInfo partition) {
        Stream<Integer> all = partition.replicas().stream().map(Node::id);
        PartitionReassignment moving = view.reassignments().get(key);
        return moving == null ? all.toList() : all.filter(id -> !moving.removingReplicas().contains(id)).toList();
    }

    /** Kafka keeps no replication factor besides the lists; the offsets topic alone has a setting, and may have been made when there were few nodes. */
    private static int leastReplicas(ClusterView view, String topic) {
        return topic.equals(Topic.GROUP_METADATA_TOPIC_NAME)
                ? view.settings().values().stream()
                        .map(settings -> settings.get(BrokerConfigs.OFFSETS_TOPIC_REPLICATION_FACTOR))
                        .filter(value -> value != null).mapToInt(Integer::parseInt).max().orElse(1)
                : 1;
    }

    /** For programs: one JSON object. */
    String toJson() {
        List<Line> lines = plan.moves().stream()
                .map(move -> new Line(move.topic(), move.partition(), move.before(), move.replicas())).toList();
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(
                    new Document(VERSION, lines, plan.nodes(), plan.replicaMoves(), plan.leaderChanges())) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of plain values can be written", e);
        }
    }

    /** For people. */
    String toTable() {
        if (plan.isEmpty()) {
            return String.format("nothing to move: each node has its share%n");
        }
        StringBuilder text = new StringBuilder();
        String first = "partition";
        int width = plan.moves().stream().mapToInt(move -> name(move).length()).reduce(first.length(), Math::max) + 2;
        String line = "%-" + width + "s%-20s%-20s%s%n";
        text.append(String.format(line, first, "replicas", "new replicas", "what moves"));
        for (Move move : plan.moves()) {
            text.append(String.format(line, name(move), join(move.before()), join(move.replicas()), what(move)));
        }
        text.append(String.format("%n%-6s%12s%13s%13s%14s%10s%7s%n", "node", "replicas in", "replicas out",
                "leaders in", "leaders out", "replicas", "leads"));
        for (NodeShare node : plan.nodes()) {
            text.append(String.format("%-6d%12d%13d%13d%14d%10d%7d%n", node.id(), node.replicasIn(),
                    node.replicasOut(), node.leadersIn(), node.leadersOut(), node.replicas(), node.leaders()));
        }
        return text.append(summary()).append(System.lineSeparator()).toString();
    }

    /** One line. */
    String summary() {
        return plan.moves().size() + " partition(s) change: " + plan.replicaMoves() + " replica(s) to copy, "
                + plan.leaderChanges() + " leadership(s) to move";
    }

    private static String name(Move move) {
        return move.topic() + "-" + move.partition();
    }

    private static String what(Move move) {
        return move.isLeadershipMove()
                ? move.changesLeader() ? "leadership only" : "order only"
                : "+" + join(move.added()) + " -" + join(move.removed());
    }

    private static String join(List<Integer> nodes) {
        return nodes.isEmpty() ? "none" : nodes.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
