package io.sluice.actors.config;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.COMPRESSION_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.DELETE_RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_MS_CONFIG;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Which settings of a node are the default of which setting of a topic. Where several are, the first that is set counts. */
final class TopicDefaults {

    /** A setting of a node and the unit in which it counts, null for the topic setting's own. */
    record NodeSetting(String name, TimeUnit unit) {

        /** The value as the topic's setting has it. */
        String convert(String value) {
            if (unit == null || value == null) {
                return value;
            }
            long amount = Long.parseLong(value.strip());
            return Long.toString(amount < 0 ? -1 : unit.toMillis(amount));
        }
    }

    private static final Map<String, List<NodeSetting>> BY_TOPIC_SETTING = Map.ofEntries(
            plain(CLEANUP_POLICY_CONFIG, BrokerConfigs.LOG_CLEANUP_POLICY),
            plain(COMPRESSION_TYPE_CONFIG, BrokerConfigs.COMPRESSION_TYPE),
            plain(DELETE_RETENTION_MS_CONFIG, BrokerConfigs.LOG_CLEANER_DELETE_RETENTION_MS),
            plain(TopicConfigs.FLUSH_MODE, BrokerConfigs.LOG_FLUSH_MODE),
            plain(MAX_COMPACTION_LAG_MS_CONFIG, BrokerConfigs.LOG_CLEANER_MAX_COMPACTION_LAG_MS),
            plain(MAX_MESSAGE_BYTES_CONFIG, BrokerConfigs.MESSAGE_MAX_BYTES),
            plain(MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, BrokerConfigs.LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS),
            plain(MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, BrokerConfigs.LOG_MESSAGE_TIMESTAMP_BEFORE_MAX_MS),
            plain(MESSAGE_TIMESTAMP_TYPE_CONFIG, BrokerConfigs.LOG_MESSAGE_TIMESTAMP_TYPE),
            plain(MIN_CLEANABLE_DIRTY_RATIO_CONFIG, BrokerConfigs.LOG_CLEANER_MIN_CLEANABLE_RATIO),
            plain(MIN_COMPACTION_LAG_MS_CONFIG, BrokerConfigs.LOG_CLEANER_MIN_COMPACTION_LAG_MS),
            plain(MIN_IN_SYNC_REPLICAS_CONFIG, BrokerConfigs.MIN_INSYNC_REPLICAS),
            plain(RETENTION_BYTES_CONFIG, BrokerConfigs.LOG_RETENTION_BYTES),
            Map.entry(RETENTION_MS_CONFIG,
                    List.of(new NodeSetting(BrokerConfigs.LOG_RETENTION_MS, null),
                            new NodeSetting(BrokerConfigs.LOG_RETENTION_MINUTES, TimeUnit.MINUTES),
                            new NodeSetting(BrokerConfigs.LOG_RETENTION_HOURS, TimeUnit.HOURS))),
            plain(SEGMENT_BYTES_CONFIG, BrokerConfigs.LOG_SEGMENT_BYTES),
            Map.entry(SEGMENT_MS_CONFIG, List.of(new NodeSetting(BrokerConfigs.LOG_ROLL_MS, null),
                    new NodeSetting(BrokerConfigs.LOG_ROLL_HOURS, TimeUnit.HOURS))));

    private static final Set<String> DYNAMIC = BY_TOPIC_SETTING.values().stream().flatMap(List::stream)
            .filter(setting -> setting.unit() == null).map(NodeSetting::name).collect(Collectors.toUnmodifiableSet());

    private TopicDefaults() {
    }

    /** The settings of a node that give the default of a topic's setting; the first that is set counts. */
    static List<NodeSetting> of(String topicSetting) {
        return BY_TOPIC_SETTING.get(topicSetting);
    }

    /** The other names of a node's setting, in the order in which they count, itself among them. */
    static List<NodeSetting> family(String nodeSetting) {
        return BY_TOPIC_SETTING.values().stream()
                .filter(settings -> settings.stream().anyMatch(setting -> setting.name().equals(nodeSetting)))
                .findFirst().orElse(List.of(new NodeSetting(nodeSetting, null)));
    }

    static boolean isDynamic(String nodeSetting) {
        return DYNAMIC.contains(nodeSetting);
    }

    private static Map.Entry<String, List<NodeSetting>> plain(String topicSetting, String nodeSetting) {
        return Map.entry(topicSetting, List.of(new NodeSetting(nodeSetting, null)));
    }
}
