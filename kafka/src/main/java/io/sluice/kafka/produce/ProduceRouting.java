package io.sluice.kafka.produce;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.routing.PartitionLookup;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;

/** Topics of a Produce request: by name, from version 13 on by id. */
final class ProduceRouting {
    private static final short TOPIC_IDS_VERSION = 13;

    private ProduceRouting() {
    }

    static PartitionLookup partition(ClusterImage image, short version, TopicProduceData topic, int partition) {
        return version >= TOPIC_IDS_VERSION
                ? PartitionLookup.byId(image, topic.topicId(), partition)
                : PartitionLookup.byName(image, topic.name(), partition);
    }

    static Optional<TopicImage> topic(ClusterImage image, TopicProduceData topic) {
        return Uuid.ZERO_UUID.equals(topic.topicId()) ? image.topic(topic.name()) : image.topic(topic.topicId());
    }
}
