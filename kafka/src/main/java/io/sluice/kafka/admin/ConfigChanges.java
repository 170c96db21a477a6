package io.sluice.kafka.admin;

import io.sluice.actors.config.ConfigEntry;
import io.sluice.actors.config.EffectiveConfigs;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * The values that a request's operations come to (KIP-339): what the controller is asked to set or, with null, to remove. Adding to a list and taking
 * from it start from the image, so of two clients that do so to the same list at once the later one wins. Whether a setting exists and a value is
 * possible is for the controller to say.
 */
final class ConfigChanges {

    /**
     * One operation.
     *
     * @param op the operation, or null if the protocol has none of that number
     * @param value the value, or null
     */
    record Change(String name, OpType op, String value) {}

    private final ClusterImage image;
    private final StaticConfigs statics;

    ConfigChanges(ClusterImage image, StaticConfigs statics) {
        this.image = image;
        this.statics = statics;
    }

    /**
     * The values by setting.
     *
     * @throws InvalidRequestException if the operations contradict each other or lack a value
     * @throws InvalidConfigurationException if a list operation is asked for a setting that is no list
     */
    Map<String, String> values(ConfigResource resource, List<Change> changes) {
        Map<String, String> values = new LinkedHashMap<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Change change : changes) {
            if (!seen.add(change.name)) {
                throw new InvalidRequestException("setting " + change.name + " is in the request twice");
            }
            if (change.op == null) {
                throw new InvalidRequestException("unknown operation for setting " + change.name);
            }
            if (change.value == null && change.op != OpType.DELETE) {
                throw new InvalidRequestException("setting " + change.name + " has no value");
            }
            switch (change.op) {
                case SET -> values.put(change.name, change.value);
                case DELETE -> values.put(change.name, null);
                case APPEND, SUBTRACT -> changeList(resource, change, values);
            }
        }
        return values;
    }

    private void changeList(ConfigResource resource, Change change, Map<String, String> values) {
        ConfigEntry entry = entries(resource).stream().filter(each -> each.name().equals(change.name)).findFirst()
                .filter(each -> each.type() == ConfigType.LIST)
                .orElseThrow(() -> new InvalidConfigurationException("setting " + change.name
                        + " is no list, so nothing can be added to it or taken from it; set it instead"));
        String own = ownConfigs(resource).get(change.name);
        Set<String> before = items(own != null ? own : entry.value());
        Set<String> after = new LinkedHashSet<>(before);
        if (change.op == OpType.APPEND) {
            after.addAll(items(change.value));
        } else {
            after.removeAll(items(change.value));
        }
        if (!after.equals(before)) {
            values.put(change.name, String.join(",", after));
        }
    }

    private List<ConfigEntry> entries(ConfigResource resource) {
        EffectiveConfigs configs = EffectiveConfigs.of(image, image.selfId(), statics);
        return switch (resource.type()) {
            case TOPIC -> configs.describeTopic(image.topic(resource.name()).orElseThrow());
            case GROUP -> configs.describeGroup(image.groupConfigs(resource.name()));
            default -> configs.describeNode();
        };
    }

    private Map<String, String> ownConfigs(ConfigResource resource) {
        return switch (resource.type()) {
            case TOPIC -> image.topic(resource.name()).map(TopicImage::configs).orElseThrow();
            case GROUP -> image.groupConfigs(resource.name());
            default -> image.nodeConfigs(resource.name().isEmpty() ? -1 : image.selfId());
        };
    }

    private static Set<String> items(String list) {
        Set<String> items = new LinkedHashSet<>();
        for (String item : (list == null ? "" : list).split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return items;
    }
}
