package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic {@code __consumer_offsets}: each of its partitions is a coordinator, placed and replicated like any partition. It is created when the first
 * group comes. Safe for any thread.
 */
final class OffsetsTopic {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetsTopic.class);
    private static final Duration CREATE_WITHIN = Duration.ofSeconds(30);

    private final Controller controller;
    private final GroupSettings settings;
    private final AtomicBoolean underWay = new AtomicBoolean();

    OffsetsTopic(Controller controller, GroupSettings settings) {
        this.controller = controller;
        this.settings = settings;
    }

    /** The topic as of an image. */
    static Optional<TopicImage> in(ClusterImage image) {
        return image.topic(Topic.GROUP_METADATA_TOPIC_NAME);
    }

    /** Has the topic created in the background; clients look again meanwhile. */
    void create() {
        if (!underWay.compareAndSet(false, true)) {
            return;
        }
        NewTopic topic = new NewTopic(Topic.GROUP_METADATA_TOPIC_NAME, settings.coordinators(),
                settings.replicationFactor(), null, Map.of());
        controller.createInternalTopic(topic, CREATE_WITHIN).whenComplete((result, failure) -> {
            underWay.set(false);
            if (failure != null || result.error() != Errors.NONE) {
                LOG.warn("could not create {}: {}", topic.name(), failure == null ? result.message() : failure);
            }
        });
    }
}
