package io.sluice.actors.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/**
 * The settings of a topic, with Kafka's names, types and defaults. Only what acts is here. A topic that does not set one has the node's value,
 * see {@link BrokerConfigs}.
 */
public final class TopicConfigs {

    /** When an append counts as stored: {@code commit} (after fdatasync) or {@code os} (page cache). Not one of Kafka's. */
    public static final String FLUSH_MODE = "flush.mode";

    static final String COMPRESSION_REASON = "batches are stored as the producer compressed them";
    static final String FLUSH_DOC = "When an append counts as stored, and so is acknowledged: commit = after fdatasync, survives loss of power; "
            + "os = once the page cache has it, survives the death of the process, as Kafka does by default.";

    static final ConfigDef.Validator CLEANUP_POLICY = Validators.someOf(TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.CLEANUP_POLICY_COMPACT);
    static final long DELETE_RETENTION_MS = 24L * 3600 * 1000;
    static final double MIN_CLEANABLE_DIRTY_RATIO = 0.5;

    static final ConfigDef DEF = new ConfigDef()
            .define(TopicConfig.CLEANUP_POLICY_CONFIG, ConfigDef.Type.LIST, "delete",
                    CLEANUP_POLICY, MEDIUM, TopicConfig.CLEANUP_POLICY_DOC)
            .define(TopicConfig.COMPRESSION_TYPE_CONFIG, ConfigDef.Type.STRING, "producer",
                    Validators.only("producer", COMPRESSION_REASON), MEDIUM, TopicConfig.COMPRESSION_TYPE_DOC)
            .define(TopicConfig.DELETE_RETENTION_MS_CONFIG, ConfigDef.Type.LONG, DELETE_RETENTION_MS, atLeast(0),
                    MEDIUM, TopicConfig.DELETE_RETENTION_MS_DOC)
            .define(FLUSH_MODE, ConfigDef.Type.STRING, "commit", ValidString.in("commit", "os"), HIGH, FLUSH_DOC)
            .define(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, ConfigDef.Type.LONG, Long.MAX_VALUE, atLeast(1), MEDIUM,
                    TopicConfig.MAX_COMPACTION_LAG_MS_DOC)
            .define(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, ConfigDef.Type.INT, 1048588, atLeast(0), MEDIUM,
                    TopicConfig.MAX_MESSAGE_BYTES_DOC)
            .define(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, ConfigDef.Type.LONG, 3600000L, atLeast(0),
                    MEDIUM,
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_DOC)
            .define(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, ConfigDef.Type.LONG, Long.MAX_VALUE, atLeast(0),
                    MEDIUM,
                    TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_DOC)
            .define(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, ConfigDef.Type.STRING, "CreateTime",
                    ValidString.in("CreateTime", "LogAppendTime"), MEDIUM, TopicConfig.MESSAGE_TIMESTAMP_TYPE_DOC)
            .define(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, ConfigDef.Type.DOUBLE, MIN_CLEANABLE_DIRTY_RATIO,
                    between(0, 1), MEDIUM, TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_DOC)
            .define(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, ConfigDef.Type.LONG, 0L, atLeast(0), MEDIUM,
                    TopicConfig.MIN_COMPACTION_LAG_MS_DOC)
            .define(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, ConfigDef.Type.INT, 1, atLeast(1), MEDIUM,
                    TopicConfig.MIN_IN_SYNC_REPLICAS_DOC)
            .define(TopicConfig.RETENTION_BYTES_CONFIG, ConfigDef.Type.LONG, -1L, atLeast(-1), MEDIUM,
                    TopicConfig.RETENTION_BYTES_DOC)
            .define(TopicConfig.RETENTION_MS_CONFIG, ConfigDef.Type.LONG, 7L * 24 * 3600 * 1000, atLeast(-1), MEDIUM,
                    TopicConfig.RETENTION_MS_DOC)
            .define(TopicConfig.SEGMENT_BYTES_CONFIG, ConfigDef.Type.INT, 1 << 30, atLeast(1 << 20), MEDIUM,
                    TopicConfig.SEGMENT_BYTES_DOC)
            .define(TopicConfig.SEGMENT_MS_CONFIG, ConfigDef.Type.LONG, 7L * 24 * 3600 * 1000, atLeast(1), MEDIUM,
                    TopicConfig.SEGMENT_MS_DOC);

    private TopicConfigs() {
    }

    /** The names of all settings of a topic, in alphabetical order. */
    public static Set<String> names() {
        return new TreeSet<>(DEF.names());
    }

    /** Whether this is a setting of a topic that acts. */
    public static boolean isTopicConfig(String name) {
        return DEF.configKeys().containsKey(name);
    }

    /**
     * Checks settings for one topic.
     *
     * @throws InvalidConfigurationException in one line: which setting or value is refused, and what is possible
     */
    public static void validate(Map<String, String> configs) {
        configs.forEach(TopicConfigs::parse);
    }

    /**
     * Checks that a topic has a setting of this name.
     *
     * @throws InvalidConfigurationException in one line: why not, and what is possible
     */
    public static void requireKnown(String name) {
        if (!isTopicConfig(name)) {
            throw new InvalidConfigurationException(
                    KafkaNames.refusal(name, "a topic has " + String.join(", ", names())));
        }
    }

    /**
     * Checks that a setting can be removed from a topic. One of Kafka's that does not act here never was set: Kafka's tools remove such to be sure.
     *
     * @throws InvalidConfigurationException if there is no such setting
     */
    public static void requireRemovable(String name) {
        if (KafkaNames.reason(name) == null) {
            requireKnown(name);
        }
    }

    static Object parse(String name, String value) {
        requireKnown(name);
        return Definitions.parse(DEF, name, value);
    }
}
