package io.sluice.clusterconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * What a person wants to know first of a cluster.
 *
 * @param clusterId the cluster's id
 * @param controller id of the node that runs the controller, or -1
 * @param nodes by id; those that only replica lists name are down
 * @param partitions number of partitions
 * @param leaderless partitions that no node leads
 * @param underReplicated partitions with fewer replicas in sync than there should be
 * @param metadataVoters ids of the nodes whose majority decides on metadata; empty if that is not told
 * @param reassigning partitions that are being moved
 */
record ClusterOverview(String clusterId, int controller, List<NodeLine> nodes, int partitions, List<String> leaderless,
        List<String> underReplicated, List<Integer> metadataVoters, List<Reassigning> reassigning) {

    private static final int LISTED_MAX = 8;
    private static final String UP = "up";
    private static final String DOWN = "down";
    private static final String DRAINING = "draining";

    /**
     * One node.
     *
     * @param host null if it is down
     * @param rack null if it has none
     * @param state up, draining or down
     * @param leads number of partitions that it leads
     * @param replicas number of partitions that it holds
     */
    record NodeLine(int id, String host, Integer port, String rack, String state, boolean controller, int leads,
            int replicas) {}

    /**
     * A partition that is being moved.
     *
     * @param adding ids of the nodes that are to get a replica
     * @param removing ids of the nodes that are to lose theirs
     */
    record Reassigning(String topic, int partition, List<Integer> adding, List<Integer> removing) {

        static List<Reassigning> all(Map<TopicPartition, PartitionReassignment> moving) {
            return moving.entrySet().stream()
                    .map(each -> new Reassigning(each.getKey().topic(), each.getKey().partition(),
                            each.getValue().addingReplicas(), each.getValue().removingReplicas()))
                    .sorted(Comparator.comparing(Reassigning::topic).thenComparingInt(Reassigning::partition)).toList();
        }
    }

    /** Puts together what the cluster told. */
    static ClusterOverview of(ClusterView view) {
        Map<Integer, Integer> leads = new HashMap<>();
        Map<Integer, Integer> replicas = new HashMap<>();
        List<String> leaderless = new ArrayList<>();
        List<String> under = new ArrayList<>();
        int partitions = 0;
        for (TopicDescription topic : view.topics().stream().sorted(Comparator.comparing(TopicDescription::name))
                .toList()) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                partitions++;
                String name = topic.name() + "-" + partition.partition();
                partition.replicas().forEach(node -> replicas.merge(node.id(), 1, Integer::sum));
                if (partition.leader() == null || partition.leader().isEmpty()) {
                    leaderless.add(name);
                } else {
                    leads.merge(partition.leader().id(), 1, Integer::sum);
                }
                if (partition.isr().size() < partition.replicas().size()) {
                    under.add(name);
                }
            }
        }
        Set<Integer> ids = new TreeSet<>(view.nodes().keySet());
        ids.addAll(replicas.keySet());
        List<NodeLine> nodes = ids.stream().map(id -> {
            Node node = view.nodes().get(id);
            boolean up = view.isUp(id);
            return new NodeLine(id, up ? node.host() : null, up ? node.port() : null,
                    node == null ? null : node.rack(), !up ? DOWN : view.isDraining(id) ? DRAINING : UP,
                    id == view.controller(), leads.getOrDefault(id, 0), replicas.getOrDefault(id, 0));
        }).toList();
        return new ClusterOverview(view.clusterId(), view.controller(), nodes, partitions, leaderless, under,
                view.metadataVoters(), Reassigning.all(view.reassignments()));
    }

    /** For programs: one JSON object. */
    String toJson() {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of plain values can be written", e);
        }
    }

    /** For people. */
    String toTable() {
        StringBuilder text = new StringBuilder();
        text.append(String.format("cluster %s: %d of %d nodes up, controller on %s, %d partitions%n", clusterId,
                nodes.stream().filter(node -> !node.state().equals(DOWN)).count(), nodes.size(),
                controller < 0 ? "no node" : "node " + controller, partitions));
        text.append(String.format("%-6s%-32s%-12s%-10s%-12s%7s%10s%n", "node", "address", "rack", "state", "controller",
                "leads", "replicas"));
        for (NodeLine node : nodes) {
            text.append(String.format("%-6d%-32s%-12s%-10s%-12s%7d%10d%n", node.id(),
                    node.host() == null ? "-" : node.host() + ":" + node.port(),
                    node.rack() == null ? "-" : node.rack(),
                    node.state(), node.controller() ? "yes" : "", node.leads(), node.replicas()));
        }
        if (!metadataVoters.isEmpty()) {
            text.append(String.format("metadata: on %s %s%n", metadataVoters.size() == 1 ? "node" : "nodes",
                    metadataVoters.stream().map(String::valueOf).collect(Collectors.joining(", "))));
        }
        list(text, "without a leader", leaderless);
        list(text, "under-replicated", underReplicated);
        list(text, "being moved", reassigning.stream().map(each -> each.topic() + "-" + each.partition()).toList());
        return text.toString();
    }

    private static void list(StringBuilder text, String what, List<String> names) {
        if (!names.isEmpty()) {
            text.append(String.format("%s: %d (%s%s)%n", what, names.size(),
                    names.stream().limit(LISTED_MAX).collect(Collectors.joining(", ")),
                    names.size() > LISTED_MAX ? ", …" : ""));
        }
    }
}
