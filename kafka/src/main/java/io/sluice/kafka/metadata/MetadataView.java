package io.sluice.kafka.metadata;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.Partitions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;

/** The cluster as clients may see it, out of one image, so that an answer shows one moment. */
final class MetadataView {

    private final ClusterImage image;
    private final Partitions partitions;

    MetadataView(ClusterImage image, Partitions partitions) {
        this.image = image;
        this.partitions = partitions;
    }

    ClusterImage image() {
        return image;
    }

    /** All registered nodes, by id. */
    Stream<NodeImage> nodes() {
        return image.nodes().values().stream().sorted(Comparator.comparingInt(NodeImage::id));
    }

    /** The nodes that clients may connect to, by id. */
    Stream<NodeImage> aliveNodes() {
        return nodes().filter(NodeImage::alive);
    }

    /**
     * The node that clients shall send administration to. Every node takes it, so this one stands in while the controller is between two nodes: an
     * admin client that is told -1 waits for a controller.
     */
    int controllerId() {
        return isAlive(image.controllerId()) ? image.controllerId() : image.selfId();
    }

    PartitionState partition(TopicImage topic, int index) {
        List<Integer> replicas = ReassigningReplicas.of(topic, index).all();
        int leader = image.leader(topic, index);
        int epoch = leader != image.selfId()
                ? -1
                : partitions.leaderEpoch(new PartitionRef(topic.id(), topic.name(), index));
        return new PartitionState(leader < 0 ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE, index, leader, epoch,
                replicas, image.inSyncReplicas(topic, index), replicas.stream().filter(id -> !isAlive(id)).toList());
    }

    private boolean isAlive(int id) {
        NodeImage node = image.nodes().get(id);
        return node != null && node.alive();
    }
}
