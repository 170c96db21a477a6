package io.sluice.actors.group;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;

/** Finds the topics that members subscribe to, as of one image of the cluster. Used for one decision. */
final class SubscribedTopics {
    private final ClusterImage image;
    private final Map<String, Set<Uuid>> byRegex = new HashMap<>();

    SubscribedTopics(ClusterImage image) {
        this.image = image;
    }

    /** Ids of the topics that exist; internal ones only by name. */
    Set<Uuid> of(Subscription subscription) {
        Set<Uuid> topics = new HashSet<>();
        subscription.names().forEach(name -> image.topic(name).ifPresent(t -> topics.add(t.id())));
        if (!subscription.regex().isEmpty()) {
            topics.addAll(byRegex.computeIfAbsent(subscription.regex(), this::matching));
        }
        return topics;
    }

    private Set<Uuid> matching(String regex) {
        TopicPattern pattern = TopicPattern.of(regex);
        Set<Uuid> topics = new HashSet<>();
        for (TopicImage t : image.topics()) {
            if (!Topic.isInternal(t.name()) && pattern.matches(t.name())) {
                topics.add(t.id());
            }
        }
        return topics;
    }

    /** The topics that at least one of these members subscribes to, with their numbers of partitions. */
    Map<Uuid, Integer> sizes(Iterable<ConsumerMember> members) {
        Set<Subscription> distinct = new HashSet<>();
        members.forEach(m -> distinct.add(m.subscription()));
        Map<Uuid, Integer> sizes = new HashMap<>();
        distinct.forEach(s -> of(s).forEach(id -> image.topic(id).ifPresent(t -> sizes.put(id, t.partitionCount()))));
        return sizes;
    }
}
