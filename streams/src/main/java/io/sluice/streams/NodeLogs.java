package io.sluice.streams;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.partition.ActivePartition;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.Partitions;
import io.sluice.persistence.log.Log;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/** The logs that a node leads, as its image of the cluster names them now. */
public final class NodeLogs implements LocalLogs {

    private final Partitions partitions;
    private final Supplier<ClusterImage> image;

    /**
     * @param partitions the node's
     * @param image what the node knows of the cluster now
     */
    public NodeLogs(Partitions partitions, Supplier<ClusterImage> image) {
        this.partitions = partitions;
        this.image = image;
    }

    @Override
    public Log led(TopicPartition partition) {
        ActivePartition active = image.get().topic(partition.topic())
                .map(topic -> partitions
                        .active(new PartitionRef(topic.id(), topic.name(), partition.partition())))
                .orElse(null);
        return active == null ? null : active.log();
    }
}
