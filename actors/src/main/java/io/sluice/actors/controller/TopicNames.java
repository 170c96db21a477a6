package io.sluice.actors.controller;

import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.TopicImage;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/** Which names a topic may have: Kafka's rules, and the names that are kept for the cluster's own topics. */
final class TopicNames {

    private static final Set<String> RESERVED = Set.of(Topic.CLUSTER_METADATA_TOPIC_NAME,
            Topic.GROUP_METADATA_TOPIC_NAME, Topic.TRANSACTION_STATE_TOPIC_NAME, Topic.SHARE_GROUP_STATE_TOPIC_NAME);

    private TopicNames() {
    }

    /**
     * Checks the name of a topic to create.
     *
     * @throws InvalidTopicException in one line: why the name is not possible
     */
    static void validate(String name, ClusterMetadata metadata) {
        if (name == null) {
            throw new InvalidTopicException("topic name is missing");
        }
        Topic.validate(name);
        if (RESERVED.contains(name)) {
            throw new InvalidTopicException("topic name " + name + " is kept for the cluster's own use");
        }
        if (Topic.hasCollisionChars(name)) {
            for (TopicImage other : metadata.topics()) {
                if (!other.name().equals(name) && Topic.hasCollision(name, other.name())) {
                    throw new InvalidTopicException("topic name " + name + " collides with existing topic "
                            + other.name() + ": '.' and '_' count as the same in metrics");
                }
            }
        }
    }
}
