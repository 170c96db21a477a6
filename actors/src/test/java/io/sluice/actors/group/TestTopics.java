package io.sluice.actors.group;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/** Topics that a test makes and unmakes, as an image of the cluster. */
final class TestTopics {
    private final Map<String, TopicImage> topics = new TreeMap<>();
    private Map<String, String> groupConfigs = Map.of();
    private long version;

    /** Makes a topic, or gives one more partitions. */
    Uuid put(String name, int partitions) {
        TopicImage old = topics.get(name);
        Uuid id = old == null ? Uuid.randomUuid() : old.id();
        topics.put(name, new TopicImage(id, name, Collections.nCopies(partitions, List.of(0)), Map.of()));
        version++;
        return id;
    }

    void delete(String name) {
        topics.remove(name);
        version++;
    }

    /** Gives all groups settings of their own. */
    void groupConfigs(Map<String, String> configs) {
        groupConfigs = configs;
        version++;
    }

    ClusterImage image() {
        Map<String, String> ofGroup = groupConfigs;
        Map<String, TopicImage> now = Map.copyOf(topics);
        long at = version;
        return (ClusterImage) Proxy.newProxyInstance(ClusterImage.class.getClassLoader(),
                new Class<?>[]{ClusterImage.class}, (proxy, method, args) -> switch (method.getName()) {
                    case "version" -> at;
                    case "topics" -> now.values();
                    case "topic" -> args[0] instanceof Uuid id
                            ? now.values().stream().filter(t -> t.id().equals(id)).findFirst()
                            : Optional.ofNullable(now.get(args[0]));
                    case "groupConfigs" -> ofGroup;
                    default -> throw new AssertionError(method);
                });
    }
}
