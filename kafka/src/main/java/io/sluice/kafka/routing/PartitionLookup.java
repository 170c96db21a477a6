package io.sluice.kafka.routing;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a request's words for a partition mean now.
 *
 * @param error {@link Errors#NONE}, or why there is no such partition
 * @param topic the topic, or null if that is unknown
 * @param ref the partition, or null on an error
 */
public record PartitionLookup(Errors error, TopicImage topic, PartitionRef ref) {
    private static final PartitionLookup UNKNOWN_NAME = new PartitionLookup(Errors.UNKNOWN_TOPIC_OR_PARTITION, null,
            null);
    private static final PartitionLookup UNKNOWN_ID = new PartitionLookup(Errors.UNKNOWN_TOPIC_ID, null, null);

    /** By id, or by name where the id is zero (versions before topic ids, KIP-516). */
    public static PartitionLookup of(ClusterImage image, Uuid id, String name, int partition) {
        return Uuid.ZERO_UUID.equals(id) ? byName(image, name, partition) : byId(image, id, partition);
    }

    /** By the topic's name. */
    public static PartitionLookup byName(ClusterImage image, String name, int partition) {
        return of(name == null ? Optional.empty() : image.topic(name), partition, UNKNOWN_NAME);
    }

    /** By the topic's id. */
    public static PartitionLookup byId(ClusterImage image, Uuid id, int partition) {
        return of(image.topic(id), partition, UNKNOWN_ID);
    }

    private static PartitionLookup of(Optional<TopicImage> found, int partition, PartitionLookup unknown) {
        if (found.isEmpty()) {
            return unknown;
        }
        TopicImage topic = found.get();
        return topic.hasPartition(partition)
                ? new PartitionLookup(Errors.NONE, topic, new PartitionRef(topic.id(), topic.name(), partition))
                : new PartitionLookup(Errors.UNKNOWN_TOPIC_OR_PARTITION, topic, null);
    }
}
