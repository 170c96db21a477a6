package io.sluice.actors.config;

import io.sluice.actors.config.ConfigEntry.Synonym;
import io.sluice.actors.config.TopicDefaults.NodeSetting;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * The values in force on one node. What is set nearer to the topic wins: the topic, the node at run time, the cluster at run time, what the node was
 * started with, the default.
 */
public final class EffectiveConfigs {

    private record Level(ConfigSource source, Map<String, String> values) {}

    private final int nodeId;
    private final Map<String, String> clusterDefaults;
    private final List<Level> levels;

    private EffectiveConfigs(int nodeId, Map<String, String> node, Map<String, String> cluster,
            Map<String, String> statics) {
        this.nodeId = nodeId;
        this.clusterDefaults = cluster;
        this.levels = List.of(new Level(ConfigSource.DYNAMIC_BROKER_CONFIG, node),
                new Level(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, cluster),
                new Level(ConfigSource.STATIC_BROKER_CONFIG, statics));
    }

    /**
     * The values on a node.
     *
     * @param statics what that node was started with, so a node can answer for itself only
     */
    public static EffectiveConfigs of(ClusterImage image, int node, StaticConfigs statics) {
        return new EffectiveConfigs(node, image.nodeConfigs(node), image.nodeConfigs(-1), statics.values());
    }

    /** The value in force for one setting of a topic, as text. */
    String topicValue(TopicImage topic, String name) {
        String own = topic.configs().get(name);
        if (own != null) {
            return own;
        }
        List<NodeSetting> defaults = TopicDefaults.of(name);
        for (Level level : levels) {
            for (NodeSetting setting : defaults) {
                String value = level.values.get(setting.name());
                if (value != null) {
                    return setting.convert(value);
                }
            }
        }
        return Definitions.defaultText(TopicConfigs.DEF, name);
    }

    /** All settings of a topic, by name. */
    public List<ConfigEntry> describeTopic(TopicImage topic) {
        return TopicConfigs.names().stream().map(name -> {
            List<Synonym> synonyms = new ArrayList<>();
            String own = topic.configs().get(name);
            if (own != null) {
                synonyms.add(new Synonym(name, own, ConfigSource.TOPIC_CONFIG));
            }
            addSynonyms(synonyms, TopicDefaults.of(name));
            return entry(TopicConfigs.DEF, name, topicValue(topic, name), false, synonyms);
        }).toList();
    }

    /** All settings of the node, by name. */
    public List<ConfigEntry> describeNode() {
        return BrokerConfigs.names().stream().map(name -> {
            List<NodeSetting> family = TopicDefaults.family(name);
            List<Synonym> synonyms = new ArrayList<>();
            addSynonyms(synonyms, family.subList(indexOf(family, name), family.size()));
            String value = name.equals(BrokerConfigs.NODE_ID) || name.equals(BrokerConfigs.BROKER_ID)
                    ? Integer.toString(nodeId)
                    : nodeValue(name);
            return entry(BrokerConfigs.DEF, name, value, !BrokerConfigs.isDynamic(name), synonyms);
        }).toList();
    }

    /** The settings that were set for all nodes at run time. */
    public List<ConfigEntry> describeClusterDefaults() {
        return new TreeMap<>(clusterDefaults).entrySet().stream().map(set -> {
            var only = new Synonym(set.getKey(), set.getValue(), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
            return entry(BrokerConfigs.DEF, set.getKey(), set.getValue(), false, List.of(only));
        }).toList();
    }

    /**
     * All settings of a consumer group, by name, as this node would coordinate it.
     *
     * @param configs what the group sets
     */
    public List<ConfigEntry> describeGroup(Map<String, String> configs) {
        return GroupConfigs.names().stream().map(name -> {
            String inherited = GroupConfigs.inherited(name);
            List<Synonym> synonyms = new ArrayList<>();
            String own = configs.get(name);
            if (own != null) {
                synonyms.add(new Synonym(name, own, ConfigSource.GROUP_CONFIG));
            }
            addSynonyms(synonyms, TopicDefaults.family(inherited));
            return entry(GroupConfigs.DEF, name, own != null ? own : nodeValue(inherited), false, synonyms);
        }).toList();
    }

    private String nodeValue(String name) {
        return levels.stream().map(level -> level.values.get(name)).filter(value -> value != null).findFirst()
                .orElseGet(() -> Definitions.defaultText(BrokerConfigs.DEF, name));
    }

    private void addSynonyms(List<Synonym> synonyms, List<NodeSetting> settings) {
        for (Level level : levels) {
            for (NodeSetting setting : settings) {
                String value = level.values.get(setting.name());
                if (value != null) {
                    synonyms.add(new Synonym(setting.name(), value, level.source));
                }
            }
        }
        String last = settings.getLast().name();
        String byDefault = Definitions.defaultText(BrokerConfigs.DEF, last);
        if (byDefault != null) {
            synonyms.add(new Synonym(last, byDefault, ConfigSource.DEFAULT_CONFIG));
        }
    }

    private static int indexOf(List<NodeSetting> family, String name) {
        int i = 0;
        while (!family.get(i).name().equals(name)) {
            i++;
        }
        return i;
    }

    private static ConfigEntry entry(ConfigDef def, String name, String value, boolean readOnly,
            List<Synonym> synonyms) {
        ConfigDef.ConfigKey key = def.configKeys().get(name);
        ConfigSource source = synonyms.isEmpty() ? ConfigSource.DEFAULT_CONFIG : synonyms.getFirst().source();
        return new ConfigEntry(name, value, source, readOnly, false, ConfigType.valueOf(key.type.name()),
                key.documentation, synonyms);
    }
}
