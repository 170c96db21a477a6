package io.sluice.kafka.metadata;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.controller.Controller.NewTopic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.internals.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates topics that clients asked for, in the background: the client is told that there is no such topic, asks again and finds it. A topic under
 * way is not asked for twice, however often clients retry. Safe for any thread.
 */
final class TopicAutoCreation {

    /** Most topics under way; more are left to the client's next try. */
    static final int UNDER_WAY_MAX = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(TopicAutoCreation.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Controller controller;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    TopicAutoCreation(Controller controller) {
        this.controller = controller;
    }

    /** Starts to create the topics with the node's defaults. Internal ones are left to the coordinators, which know what they need. */
    void start(Collection<String> names) {
        List<NewTopic> topics = names.stream().filter(name -> !Topic.isInternal(name))
                .filter(name -> underWay.size() < UNDER_WAY_MAX && underWay.add(name))
                .map(name -> new NewTopic(name, -1, (short) -1, null, Map.of())).toList();
        if (topics.isEmpty()) {
            return;
        }
        controller.createTopics(topics, false, TIMEOUT).whenComplete((results, failure) -> {
            topics.forEach(topic -> underWay.remove(topic.name()));
            if (failure != null) {
                LOG.warn("could not create topics on a client's demand: {}", failure.toString());
                return;
            }
            results.forEach((name, result) -> LOG.debug("created topic {} on a client's demand: {} {}", name,
                    result.error(), result.message()));
        });
    }
}
