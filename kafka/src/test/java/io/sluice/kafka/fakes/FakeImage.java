package io.sluice.kafka.fakes;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.PartitionConfiguration;
import io.sluice.actors.image.TopicImage;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/** An image that a test fills. */
public final class FakeImage implements ClusterImage {

    public final Map<Integer, NodeImage> nodes = new TreeMap<>();
    public final Map<String, TopicImage> topics = new LinkedHashMap<>();
    public final Map<Integer, Map<String, String>> nodeConfigs = new HashMap<>();
    public final Map<String, Map<String, String>> groupConfigs = new HashMap<>();
    public int controllerId;

    /** Node 0 is this one. */
    public FakeImage() {
        node(0, true);
    }

    public FakeImage node(int id, boolean alive) {
        nodes.put(id, new NodeImage(id, "disk" + id, "host" + id, 9092 + id, id == 0 ? null : "rack" + id, "", alive));
        return this;
    }

    /** Adds a topic whose partitions have these replicas. */
    public TopicImage topic(String name, List<List<Integer>> replicas, Map<String, String> configs) {
        var topic = new TopicImage(Uuid.randomUuid(), name, replicas, configs);
        topics.put(name, topic);
        return topic;
    }

    /** Has a partition of a topic moved. */
    public void move(String name, int partition, Integer... target) {
        TopicImage topic = topics.get(name);
        topics.put(name, topic.withReplicas(partition, topic.replicas().get(partition),
                new PartitionConfiguration(1, List.of(target))));
    }

    /** Adds a topic of this node alone. */
    public TopicImage topic(String name, int partitions) {
        return topic(name, Collections.nCopies(partitions, List.of(0)), Map.of());
    }

    @Override
    public long version() {
        return 1;
    }

    @Override
    public String clusterId() {
        return "the-cluster";
    }

    @Override
    public int selfId() {
        return 0;
    }

    @Override
    public int controllerId() {
        return controllerId;
    }

    @Override
    public Map<Integer, NodeImage> nodes() {
        return nodes;
    }

    @Override
    public Collection<TopicImage> topics() {
        return topics.values();
    }

    @Override
    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    @Override
    public Optional<TopicImage> topic(Uuid id) {
        return topics.values().stream().filter(topic -> topic.id().equals(id)).findFirst();
    }

    @Override
    public int leader(List<Integer> replicas) {
        return replicas.getFirst();
    }

    @Override
    public int leader(TopicImage topic, int partition) {
        return inSyncReplicas(topic, partition).stream().findFirst().orElse(-1);
    }

    @Override
    public List<Integer> inSyncReplicas(TopicImage topic, int partition) {
        return topic.replicas().get(partition).stream().filter(id -> nodes.containsKey(id) && nodes.get(id).alive())
                .toList();
    }

    @Override
    public Map<String, String> nodeConfigs(int node) {
        return nodeConfigs.getOrDefault(node, Map.of());
    }

    @Override
    public Map<String, String> groupConfigs(String group) {
        return groupConfigs.getOrDefault(group, Map.of());
    }

    @Override
    public Set<String> configuredGroups() {
        return groupConfigs.keySet();
    }
}
