package io.sluice.actors.image;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;

/**
 * What the controller's events say of the cluster, without who is alive. Immutable: every change is a new value that shares what did not change, so
 * identity tells whether a topic or a map of settings did. A change copies one map of at most the number of topics; partitions are never copied.
 *
 * @param clusterId id of the cluster, null until it is made
 * @param nodes registered nodes by id; {@code alive} is false in all of them
 * @param topicsByName topics by name
 * @param topicNames names of topics by id
 * @param nodeConfigs settings made at run time by node id, -1 for all nodes
 * @param groupConfigs settings of single consumer groups by the group's id; the group need not exist
 * @param nextProducerId the first producer id that was never handed out
 * @param metadataReplicas disk ids of the replicas of the controller's own log
 */
public record ClusterMetadata(String clusterId, Map<Integer, NodeImage> nodes, Map<String, TopicImage> topicsByName,
        Map<Uuid, String> topicNames, Map<Integer, Map<String, String>> nodeConfigs,
        Map<String, Map<String, String>> groupConfigs, long nextProducerId, List<String> metadataReplicas) {

    /** Before the first event. */
    public static final ClusterMetadata EMPTY = new ClusterMetadata(null, Map.of(), Map.of(), Map.of(), Map.of(),
            Map.of(), 0,
            List.of());

    public ClusterMetadata {
        nodes = Map.copyOf(nodes);
        topicsByName = Map.copyOf(topicsByName);
        topicNames = Map.copyOf(topicNames);
        nodeConfigs = Map.copyOf(nodeConfigs);
        groupConfigs = Map.copyOf(groupConfigs);
        metadataReplicas = List.copyOf(metadataReplicas);
    }

    /** All topics, in no order. */
    public Collection<TopicImage> topics() {
        return topicsByName.values();
    }

    /** The topic of this name. */
    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topicsByName.get(name));
    }

    /** The topic with this id. */
    public Optional<TopicImage> topic(Uuid id) {
        String name = topicNames.get(id);
        return name == null ? Optional.empty() : topic(name);
    }

    /** Settings made at run time on a node, or with -1 on all. */
    public Map<String, String> configsOf(int node) {
        return nodeConfigs.getOrDefault(node, Map.of());
    }

    /** Settings of a single consumer group. */
    public Map<String, String> configsOf(String group) {
        return groupConfigs.getOrDefault(group, Map.of());
    }

    /** The cluster got its id. */
    public ClusterMetadata withClusterId(String id) {
        return new ClusterMetadata(id, nodes, topicsByName, topicNames, nodeConfigs, groupConfigs, nextProducerId,
                metadataReplicas);
    }

    /** A node registered, or did so again. Whoever had its address is not there any more: its disk was wiped or replaced, or it will register elsewhere. */
    public ClusterMetadata withNode(NodeImage node) {
        Map<Integer, NodeImage> after = new HashMap<>();
        nodes.forEach((id, other) -> after.put(id,
                other.address().equals(node.address()) ? other.withoutAddress() : other));
        after.put(node.id(), node);
        return new ClusterMetadata(clusterId, after, topicsByName, topicNames, nodeConfigs, groupConfigs,
                nextProducerId,
                metadataReplicas);
    }

    /** A node is none of the cluster's any more, and neither are its settings. */
    public ClusterMetadata withoutNode(int id) {
        return new ClusterMetadata(clusterId, without(nodes, id), topicsByName, topicNames, without(nodeConfigs, id),
                groupConfigs, nextProducerId, metadataReplicas);
    }

    /** A topic is there, or changed. */
    public ClusterMetadata withTopic(TopicImage topic) {
        Map<Uuid, String> names = topicNames.containsKey(topic.id())
                ? topicNames
                : with(topicNames, topic.id(), topic.name());
        return new ClusterMetadata(clusterId, nodes, with(topicsByName, topic.name(), topic), names, nodeConfigs,
                groupConfigs, nextProducerId, metadataReplicas);
    }

    /** A topic that is there changed. An unknown id changes nothing. */
    public ClusterMetadata withTopic(Uuid id, UnaryOperator<TopicImage> change) {
        return topic(id).map(topic -> withTopic(change.apply(topic))).orElse(this);
    }

    /** A topic is gone. An unknown id changes nothing. */
    public ClusterMetadata withoutTopic(Uuid id) {
        String name = topicNames.get(id);
        return name == null
                ? this
                : new ClusterMetadata(clusterId, nodes, without(topicsByName, name),
                        without(topicNames, id), nodeConfigs, groupConfigs, nextProducerId, metadataReplicas);
    }

    /** A node's settings are now these; none of them means that the node has no settings of its own. */
    public ClusterMetadata withNodeConfigs(int node, Map<String, String> configs) {
        return new ClusterMetadata(clusterId, nodes, topicsByName, topicNames, configs.isEmpty()
                ? without(nodeConfigs, node)
                : with(nodeConfigs, node, Map.copyOf(configs)), groupConfigs, nextProducerId, metadataReplicas);
    }

    /** A group's settings are now these; none of them means that the group has no settings of its own. */
    public ClusterMetadata withGroupConfigs(String group, Map<String, String> configs) {
        return new ClusterMetadata(clusterId, nodes, topicsByName, topicNames, nodeConfigs, configs.isEmpty()
                ? without(groupConfigs, group)
                : with(groupConfigs, group, Map.copyOf(configs)), nextProducerId, metadataReplicas);
    }

    /** Producer ids below this one were handed out. It never goes back. */
    public ClusterMetadata withNextProducerId(long next) {
        return new ClusterMetadata(clusterId, nodes, topicsByName, topicNames, nodeConfigs, groupConfigs,
                Math.max(nextProducerId, next), metadataReplicas);
    }

    /** The controller's own log has these replicas now. */
    public ClusterMetadata withMetadataReplicas(List<String> diskIds) {
        return new ClusterMetadata(clusterId, nodes, topicsByName, topicNames, nodeConfigs, groupConfigs,
                nextProducerId, diskIds);
    }

    /** The replica lists of all partitions of all topics. */
    public List<List<Integer>> allReplicas() {
        return topicsByName.values().stream().flatMap(topic -> topic.replicas().stream()).toList();
    }

    private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
        Map<K, V> copy = new HashMap<>(map);
        copy.put(key, value);
        return copy;
    }

    private static <K, V> Map<K, V> without(Map<K, V> map, K key) {
        Map<K, V> copy = new HashMap<>(map);
        copy.remove(key);
        return copy;
    }
}
