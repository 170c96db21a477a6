package io.sluice.clusterconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * A cluster at one moment, as one of its nodes tells it.
 *
 * @param clusterId the cluster's id
 * @param controller id of the node that runs the controller, or -1
 * @param nodes by id; those that only replica lists name are down
 * @param partitions number of partitions
 * @param leaderless partitions that no node leads
 * @param underReplicated partitions with fewer replicas in sync than there should be
 */
record ClusterOverview(String clusterId, int controller, List<NodeLine> nodes, int partitions, List<String> leaderless,
        List<String> underReplicated) {

    private static final int LISTED_MAX = 20;
    private static final String UP = "up";
    private static final String DOWN = "down";

    /**
     * One node.
     *
     * @param host null if it is down
     * @param rack null if it has none
     * @param leads number of partitions that it leads
     * @param replicas number of partitions that it holds
     */
    record NodeLine(int id, String host, Integer port, String rack, String state, boolean controller, int leads,
            int replicas) {}

    /**
     * Asks.
     *
     * @throws ExecutionException with what the client says
     */
    static ClusterOverview ask(Admin admin) throws ExecutionException, InterruptedException {
        DescribeClusterResult cluster = admin.describeCluster();
        Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
        Collection<TopicDescription> described = admin.describeTopics(topics).allTopicNames().get().values();
        Node controller = cluster.controller().get();
        return of(cluster.clusterId().get(), controller == null ? -1 : controller.id(), cluster.nodes().get(),
                described);
    }

    /** Puts together what a node told. */
    static ClusterOverview of(String clusterId, int controller, Collection<Node> alive,
            Collection<TopicDescription> topics) {
        Map<Integer, Integer> leads = new HashMap<>();
        Map<Integer, Integer> replicas = new HashMap<>();
        List<String> leaderless = new ArrayList<>();
        List<String> under = new ArrayList<>();
        int partitions = 0;
        for (TopicDescription topic : topics.stream().sorted(Comparator.comparing(TopicDescription::name)).toList()) {
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
        Map<Integer, Node> up = alive.stream()
                .collect(Collectors.toMap(Node::id, node -> node, (a, b) -> a, TreeMap::new));
        Set<Integer> ids = new TreeSet<>(up.keySet());
        ids.addAll(replicas.keySet());
        List<NodeLine> nodes = ids.stream().map(id -> {
            Node node = up.get(id);
            return new NodeLine(id, node == null ? null : node.host(), node == null ? null : node.port(),
                    node == null ? null : node.rack(), node == null ? DOWN : UP, id == controller,
                    leads.getOrDefault(id, 0), replicas.getOrDefault(id, 0));
        }).toList();
        return new ClusterOverview(clusterId, controller, nodes, partitions, leaderless, under);
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
                nodes.stream().filter(node -> node.state().equals(UP)).count(), nodes.size(),
                controller < 0 ? "no node" : "node " + controller, partitions));
        text.append(String.format("%-6s%-32s%-12s%-7s%-12s%7s%10s%n", "node", "address", "rack", "state", "controller",
                "leads", "replicas"));
        for (NodeLine node : nodes) {
            text.append(String.format("%-6d%-32s%-12s%-7s%-12s%7d%10d%n", node.id(),
                    node.host() == null ? "-" : node.host() + ":" + node.port(),
                    node.rack() == null ? "-" : node.rack(),
                    node.state(), node.controller() ? "yes" : "", node.leads(), node.replicas()));
        }
        list(text, "without a leader", leaderless);
        list(text, "under-replicated", underReplicated);
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
