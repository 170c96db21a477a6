package io.sluice.actors.config;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;

/**
 * The settings in force by topic, worked out anew only when the topic's or the node's settings changed: for the produce and fetch paths. Safe for
 * any thread. It holds as many entries as topics were asked for; {@link #retain} drops those that are gone.
 */
public final class TopicSettingsCache {

    private record Cached(Map<String, String> topic, Map<String, String> node, Map<String, String> cluster,
            TopicSettings settings) {}

    private final StaticConfigs statics;
    private final Map<Uuid, Cached> byTopic = new ConcurrentHashMap<>();

    /** A cache for the node that was started with these settings. */
    public TopicSettingsCache(StaticConfigs statics) {
        this.statics = statics;
    }

    /** The settings in force for a topic of this image. */
    @SuppressWarnings("ReferenceEquality") // the image shares maps that did not change, so identity is the cheap and sufficient test
    public TopicSettings get(ClusterImage image, TopicImage topic) {
        Map<String, String> node = image.nodeConfigs(image.selfId());
        Map<String, String> cluster = image.nodeConfigs(-1);
        Cached cached = byTopic.get(topic.id());
        if (cached == null || cached.topic != topic.configs() || cached.node != node || cached.cluster != cluster) {
            cached = new Cached(topic.configs(), node, cluster, TopicSettings.of(image, topic, statics));
            byTopic.put(topic.id(), cached);
        }
        return cached.settings;
    }

    /** Forgets topics that the image does not have. */
    public void retain(ClusterImage image) {
        byTopic.keySet().removeIf(id -> image.topic(id).isEmpty());
    }
}
