package io.sluice.clusterconfig;

import io.sluice.actors.config.BrokerConfigs;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.QuorumInfo.ReplicaState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster at one moment, as its nodes tell any Kafka client. What a broker cannot tell is left out, so this works with any.
 *
 * @param clusterId the cluster's id
 * @param controller id of the node that runs the controller, or -1
 * @param nodes all that are registered, by id; the fenced ones are down
 * @param settings what nodes that are up run with, by node id; a node that did not answer is left out
 * @param topics all topics, internal ones too
 * @param reassignments the partitions that are being moved
 * @param metadataVoters ids of the nodes whose majority decides on metadata; empty if that is not told
 */
record ClusterView(String clusterId, int controller, Map<Integer, Node> nodes,
        Map<Integer, Map<String, String>> settings, Collection<TopicDescription> topics,
        Map<TopicPartition, PartitionReassignment> reassignments, List<Integer> metadataVoters) {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterView.class);

    /**
     * Asks.
     *
     * @throws ExecutionException with what the client says
     */
    static ClusterView ask(Admin admin) throws ExecutionException, InterruptedException {
        DescribeClusterResult cluster = describe(admin);
        KafkaFuture<Map<TopicPartition, PartitionReassignment>> moving = admin.listPartitionReassignments()
                .reassignments();
        KafkaFuture<QuorumInfo> quorum = admin.describeMetadataQuorum().quorumInfo();
        Set<String> names = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
        Collection<TopicDescription> topics = admin.describeTopics(names).allTopicNames().get().values();
        Map<Integer, Node> nodes = new TreeMap<>();
        cluster.nodes().get().forEach(node -> nodes.put(node.id(), node));
        Node controller = cluster.controller().get();
        return new ClusterView(cluster.clusterId().get(), controller == null ? -1 : controller.id(), nodes,
                settings(admin, nodes.values()), topics, orIfUntold(moving, Map.of()),
                voters(orIfUntold(quorum, null)));
    }

    /** Whether a node is registered and up. */
    boolean isUp(int node) {
        return nodes.containsKey(node) && !nodes.get(node).isFenced();
    }

    /** Whether a node is being emptied. */
    boolean isDraining(int node) {
        return BrokerConfigs.isDraining(settings.getOrDefault(node, Map.of()));
    }

    /** Number of partitions that a node holds, or is about to. */
    int replicasOn(int node) {
        return (int) topics.stream().flatMap(topic -> topic.partitions().stream())
                .filter(partition -> partition.replicas().stream().anyMatch(replica -> replica.id() == node)).count();
    }

    /** The partitions of a node that no majority of their replicas is up for: nobody can lead them, nor bring them elsewhere. */
    List<String> withoutMajority(int node) {
        return topics.stream()
                .flatMap(topic -> topic.partitions().stream().filter(partition -> isHalted(partition, node))
                        .map(partition -> topic.name() + "-" + partition.partition()))
                .sorted().toList();
    }

    private boolean isHalted(TopicPartitionInfo partition, int node) {
        List<Integer> replicas = partition.replicas().stream().map(Node::id).toList();
        return replicas.contains(node) && 2 * replicas.stream().filter(this::isUp).count() <= replicas.size();
    }

    private static DescribeClusterResult describe(Admin admin) throws ExecutionException, InterruptedException {
        DescribeClusterResult all = admin.describeCluster(new DescribeClusterOptions().includeFencedBrokers(true));
        return orIfUntold(all.nodes(), null) == null ? admin.describeCluster() : all;
    }

    private static List<Integer> voters(QuorumInfo quorum) {
        return quorum == null ? List.of() : quorum.voters().stream().map(ReplicaState::replicaId).sorted().toList();
    }

    private static Map<Integer, Map<String, String>> settings(Admin admin, Collection<Node> nodes)
            throws InterruptedException {
        Map<ConfigResource, KafkaFuture<Config>> asked = admin.describeConfigs(nodes.stream()
                .filter(node -> !node.isFenced())
                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString())).toList()).values();
        Map<Integer, Map<String, String>> settings = new HashMap<>();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> answer : asked.entrySet()) {
            try {
                settings.put(Integer.valueOf(answer.getKey().name()), answer.getValue().get().entries().stream()
                        .filter(entry -> entry.value() != null)
                        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value)));
            } catch (ExecutionException e) {
                LOG.debug("node {} does not tell its settings", answer.getKey().name(), e); // it must not hide the others
            }
        }
        return settings;
    }

    private static <T> T orIfUntold(KafkaFuture<T> answer, T instead) throws ExecutionException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnsupportedVersionException) {
                return instead;
            }
            throw e;
        }
    }
}
