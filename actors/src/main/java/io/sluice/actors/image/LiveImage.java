package io.sluice.actors.image;

import io.sluice.actors.placement.Placement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/** The cluster image of one node: the controller's metadata merged with membership. Immutable. */
public final class LiveImage implements ClusterImage {

    private final ClusterMetadata metadata;
    private final long version;
    private final int selfId;
    private final int controllerId;
    private final Map<Integer, NodeImage> nodes;
    private final Map<String, Set<Integer>> laggards;

    private LiveImage(ClusterMetadata metadata, long version, int selfId, int controllerId,
            Map<Integer, NodeImage> nodes, Map<String, Set<Integer>> laggards) {
        this.metadata = metadata;
        this.version = version;
        this.selfId = selfId;
        this.controllerId = controllerId;
        this.nodes = Map.copyOf(nodes);
        this.laggards = laggards;
    }

    /**
     * Merges.
     *
     * @param version sequence number of the last event in the metadata
     * @param selfDiskId disk id of the node whose image this is
     */
    public static LiveImage of(ClusterMetadata metadata, long version, String selfDiskId, MemberView members) {
        int self = -1;
        int controller = -1;
        Map<Integer, NodeImage> nodes = HashMap.newHashMap(metadata.nodes().size());
        for (NodeImage node : metadata.nodes().values()) {
            boolean alive = members.alive().contains(node.address());
            nodes.put(node.id(), node.withAlive(alive));
            self = node.diskId().equals(selfDiskId) ? node.id() : self;
            controller = alive && node.address().equals(members.controller()) ? node.id() : controller;
        }
        return new LiveImage(metadata, version, self, controller, nodes, members.laggards(nodes));
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public String clusterId() {
        return metadata.clusterId();
    }

    @Override
    public int selfId() {
        return selfId;
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
        return metadata.topics();
    }

    @Override
    public Optional<TopicImage> topic(String name) {
        return metadata.topic(name);
    }

    @Override
    public Optional<TopicImage> topic(Uuid id) {
        return metadata.topic(id);
    }

    @Override
    public int leader(TopicImage topic, int partition) {
        return topic.hasPartition(partition) ? leader(topic.replicas().get(partition)) : -1;
    }

    /** Where none has caught up, as far as is known, any that is alive may lead: what it lacks it gets when it claims. */
    @Override
    public int leader(List<Integer> replicas) {
        Set<Integer> late = late(replicas);
        int leader = Placement.leaderFor(replicas, node -> isAlive(node) && !late.contains(node));
        return leader != Placement.NO_LEADER || late.isEmpty()
                ? leader
                : Placement.leaderFor(replicas, this::isAlive);
    }

    /** The replicas on nodes that are alive and, for all partitions with these replicas together, have caught up. */
    @Override
    public List<Integer> inSyncReplicas(TopicImage topic, int partition) {
        if (!topic.hasPartition(partition)) {
            return List.of();
        }
        List<Integer> replicas = topic.replicas().get(partition);
        Set<Integer> late = late(replicas);
        return replicas.stream().filter(node -> isAlive(node) && !late.contains(node)).toList();
    }

    private Set<Integer> late(List<Integer> replicas) {
        return laggards.isEmpty() ? Set.of() : laggards.getOrDefault(Placement.shardId(replicas), Set.of());
    }

    @Override
    public Map<String, String> nodeConfigs(int node) {
        return metadata.configsOf(node);
    }

    @Override
    public Map<String, String> groupConfigs(String group) {
        return metadata.configsOf(group);
    }

    @Override
    public Set<String> configuredGroups() {
        return metadata.groupConfigs().keySet();
    }

    private boolean isAlive(int node) {
        NodeImage image = nodes.get(node);
        return image != null && image.alive();
    }
}
