package io.sluice.actors.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
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
import org.apache.kafka.common.errors.InvalidRequestException;

/**
 * The settings of a node, with Kafka's names, types and defaults. Only what acts is here.
 *
 * <p>Those that are the default of a topic's setting can be changed at run time, for one node or for all; {@link #NODE_DRAINING} for one node, and only
 * then; the others are read once, when the node starts. A few limits that Kafka lets change at run time are fixed at start here, and a request to change them says so.
 */
public final class BrokerConfigs {

    public static final String AUTO_CREATE_TOPICS_ENABLE = "auto.create.topics.enable";
    public static final String BROKER_ID = "broker.id";
    public static final String BROKER_RACK = "broker.rack";
    public static final String COMPRESSION_TYPE = "compression.type";
    public static final String CONNECTIONS_MAX_IDLE_MS = "connections.max.idle.ms";
    public static final String DEFAULT_REPLICATION_FACTOR = "default.replication.factor";
    public static final String DELETE_TOPIC_ENABLE = "delete.topic.enable";
    public static final String FETCH_MAX_BYTES = "fetch.max.bytes";
    public static final String GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS = "group.consumer.heartbeat.interval.ms";
    public static final String GROUP_CONSUMER_MAX_HEARTBEAT_INTERVAL_MS = "group.consumer.max.heartbeat.interval.ms";
    public static final String GROUP_CONSUMER_MAX_SESSION_TIMEOUT_MS = "group.consumer.max.session.timeout.ms";
    public static final String GROUP_CONSUMER_MAX_SIZE = "group.consumer.max.size";
    public static final String GROUP_CONSUMER_MIGRATION_POLICY = "group.consumer.migration.policy";
    public static final String GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS = "group.consumer.min.heartbeat.interval.ms";
    public static final String GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS = "group.consumer.min.session.timeout.ms";
    public static final String GROUP_CONSUMER_SESSION_TIMEOUT_MS = "group.consumer.session.timeout.ms";
    public static final String GROUP_INITIAL_REBALANCE_DELAY_MS = "group.initial.rebalance.delay.ms";
    public static final String GROUP_MAX_SESSION_TIMEOUT_MS = "group.max.session.timeout.ms";
    public static final String GROUP_MAX_SIZE = "group.max.size";
    public static final String GROUP_MIN_SESSION_TIMEOUT_MS = "group.min.session.timeout.ms";
    public static final String LOG_CLEANER_DELETE_RETENTION_MS = "log.cleaner.delete.retention.ms";
    public static final String LOG_CLEANER_MAX_COMPACTION_LAG_MS = "log.cleaner.max.compaction.lag.ms";
    public static final String LOG_CLEANER_MIN_CLEANABLE_RATIO = "log.cleaner.min.cleanable.ratio";
    public static final String LOG_CLEANER_MIN_COMPACTION_LAG_MS = "log.cleaner.min.compaction.lag.ms";
    public static final String LOG_CLEANUP_POLICY = "log.cleanup.policy";
    /** The node's value of the topic setting {@link TopicConfigs#FLUSH_MODE}. Not one of Kafka's. */
    public static final String LOG_FLUSH_MODE = "log.flush.mode";
    public static final String LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS = "log.message.timestamp.after.max.ms";
    public static final String LOG_MESSAGE_TIMESTAMP_BEFORE_MAX_MS = "log.message.timestamp.before.max.ms";
    public static final String LOG_MESSAGE_TIMESTAMP_TYPE = "log.message.timestamp.type";
    public static final String LOG_RETENTION_BYTES = "log.retention.bytes";
    public static final String LOG_RETENTION_CHECK_INTERVAL_MS = "log.retention.check.interval.ms";
    public static final String LOG_RETENTION_HOURS = "log.retention.hours";
    public static final String LOG_RETENTION_MINUTES = "log.retention.minutes";
    public static final String LOG_RETENTION_MS = "log.retention.ms";
    public static final String LOG_ROLL_HOURS = "log.roll.hours";
    public static final String LOG_ROLL_MS = "log.roll.ms";
    public static final String LOG_SEGMENT_BYTES = "log.segment.bytes";
    public static final String MAX_CONNECTIONS = "max.connections";
    public static final String MAX_CONNECTIONS_PER_IP = "max.connections.per.ip";
    public static final String MAX_FETCH_SESSIONS = "max.incremental.fetch.session.cache.slots";
    public static final String MESSAGE_MAX_BYTES = "message.max.bytes";
    public static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";
    /** Whether the node is being emptied. Not one of Kafka's; set for one node, while it runs. */
    public static final String NODE_DRAINING = "sluice.node.draining";
    public static final String NODE_ID = "node.id";
    public static final String NUM_PARTITIONS = "num.partitions";
    public static final String OFFSET_METADATA_MAX_BYTES = "offset.metadata.max.bytes";
    public static final String OFFSETS_RETENTION_MINUTES = "offsets.retention.minutes";
    public static final String OFFSETS_TOPIC_NUM_PARTITIONS = "offsets.topic.num.partitions";
    public static final String OFFSETS_TOPIC_REPLICATION_FACTOR = "offsets.topic.replication.factor";
    public static final String PRODUCER_ID_EXPIRATION_MS = "producer.id.expiration.ms";
    public static final String SOCKET_REQUEST_MAX_BYTES = "socket.request.max.bytes";

    static final ConfigDef DEF = new ConfigDef()
            .define(AUTO_CREATE_TOPICS_ENABLE, ConfigDef.Type.BOOLEAN, true, HIGH,
                    "Whether a topic that a client asks for and that does not exist is created.")
            .define(BROKER_ID, ConfigDef.Type.INT, -1, atLeast(-1), HIGH, "Older name of node.id.")
            .define(BROKER_RACK, ConfigDef.Type.STRING, null, MEDIUM,
                    "Rack of this node; replicas of a partition are put on different racks where possible.")
            .define(COMPRESSION_TYPE, ConfigDef.Type.STRING, "producer",
                    Validators.only("producer", TopicConfigs.COMPRESSION_REASON), HIGH,
                    TopicConfig.COMPRESSION_TYPE_DOC)
            .define(CONNECTIONS_MAX_IDLE_MS, ConfigDef.Type.LONG, 600000L, atLeast(1), MEDIUM,
                    "A connection without a request for this long is closed, in milliseconds.")
            .define(DEFAULT_REPLICATION_FACTOR, ConfigDef.Type.INT, 1, atLeast(1), MEDIUM,
                    "Replication factor of topics that are created without one.")
            .define(DELETE_TOPIC_ENABLE, ConfigDef.Type.BOOLEAN, true, HIGH, "Whether topics can be deleted.")
            .define(FETCH_MAX_BYTES, ConfigDef.Type.INT, 57671680, atLeast(1024), MEDIUM,
                    "The most bytes that this node answers one fetch with, but for a first batch that is larger.")
            .define(GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS, ConfigDef.Type.INT, 5000, atLeast(1), MEDIUM,
                    "How often the members of groups of the consumer protocol are told to send a heartbeat, in milliseconds.")
            .define(GROUP_CONSUMER_MAX_HEARTBEAT_INTERVAL_MS, ConfigDef.Type.INT, 15000, atLeast(1), MEDIUM,
                    "Longest interval of heartbeats that a group of the consumer protocol may have, in milliseconds.")
            .define(GROUP_CONSUMER_MAX_SESSION_TIMEOUT_MS, ConfigDef.Type.INT, 60000, atLeast(1), MEDIUM,
                    "Longest session time-out that a group of the consumer protocol may have, in milliseconds.")
            .define(GROUP_CONSUMER_MAX_SIZE, ConfigDef.Type.INT, Integer.MAX_VALUE, atLeast(1), MEDIUM,
                    "The most members of one group of the consumer protocol.")
            .define(GROUP_CONSUMER_MIGRATION_POLICY, ConfigDef.Type.STRING, "bidirectional",
                    ConfigDef.CaseInsensitiveValidString.in("bidirectional", "upgrade", "downgrade", "disabled"),
                    MEDIUM,
                    "Which way a consumer group may go from one protocol to the other while it has members.")
            .define(GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS, ConfigDef.Type.INT, 5000, atLeast(1), MEDIUM,
                    "Shortest interval of heartbeats that a group of the consumer protocol may have, in milliseconds.")
            .define(GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS, ConfigDef.Type.INT, 45000, atLeast(1), MEDIUM,
                    "Shortest session time-out that a group of the consumer protocol may have, in milliseconds.")
            .define(GROUP_CONSUMER_SESSION_TIMEOUT_MS, ConfigDef.Type.INT, 45000, atLeast(1), MEDIUM,
                    "A member of a group of the consumer protocol that is silent for this long is given up, in milliseconds.")
            .define(GROUP_INITIAL_REBALANCE_DELAY_MS, ConfigDef.Type.INT, 3000, atLeast(0), MEDIUM,
                    "How long an empty consumer group waits for more members after the first, in milliseconds.")
            .define(GROUP_MAX_SESSION_TIMEOUT_MS, ConfigDef.Type.INT, 1800000, atLeast(1), MEDIUM,
                    "Longest session time-out that a member of a consumer group may ask for, in milliseconds.")
            .define(GROUP_MAX_SIZE, ConfigDef.Type.INT, Integer.MAX_VALUE, atLeast(1), MEDIUM,
                    "The most members of one consumer group.")
            .define(GROUP_MIN_SESSION_TIMEOUT_MS, ConfigDef.Type.INT, 6000, atLeast(0), MEDIUM,
                    "Shortest session time-out that a member of a consumer group may ask for, in milliseconds.")
            .define(LOG_CLEANER_DELETE_RETENTION_MS, ConfigDef.Type.LONG, TopicConfigs.DELETE_RETENTION_MS, atLeast(0),
                    MEDIUM, TopicConfig.DELETE_RETENTION_MS_DOC)
            .define(LOG_CLEANER_MAX_COMPACTION_LAG_MS, ConfigDef.Type.LONG, Long.MAX_VALUE, atLeast(1), MEDIUM,
                    TopicConfig.MAX_COMPACTION_LAG_MS_DOC)
            .define(LOG_CLEANER_MIN_CLEANABLE_RATIO, ConfigDef.Type.DOUBLE, TopicConfigs.MIN_CLEANABLE_DIRTY_RATIO,
                    between(0, 1), MEDIUM, TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_DOC)
            .define(LOG_CLEANER_MIN_COMPACTION_LAG_MS, ConfigDef.Type.LONG, 0L, atLeast(0), MEDIUM,
                    TopicConfig.MIN_COMPACTION_LAG_MS_DOC)
            .define(LOG_CLEANUP_POLICY, ConfigDef.Type.LIST, "delete",
                    TopicConfigs.CLEANUP_POLICY, MEDIUM, TopicConfig.CLEANUP_POLICY_DOC)
            .define(LOG_FLUSH_MODE, ConfigDef.Type.STRING, "commit", ValidString.in("commit", "os"), HIGH,
                    TopicConfigs.FLUSH_DOC)
            .define(LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS, ConfigDef.Type.LONG, 3600000L, atLeast(0), MEDIUM,
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_DOC)
            .define(LOG_MESSAGE_TIMESTAMP_BEFORE_MAX_MS, ConfigDef.Type.LONG, Long.MAX_VALUE, atLeast(0), MEDIUM,
                    TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_DOC)
            .define(LOG_MESSAGE_TIMESTAMP_TYPE, ConfigDef.Type.STRING, "CreateTime",
                    ValidString.in("CreateTime", "LogAppendTime"), MEDIUM, TopicConfig.MESSAGE_TIMESTAMP_TYPE_DOC)
            .define(LOG_RETENTION_BYTES, ConfigDef.Type.LONG, -1L, atLeast(-1), HIGH,
                    "Oldest segments are deleted while a partition is larger than this; -1 for no limit.")
            .define(LOG_RETENTION_CHECK_INTERVAL_MS, ConfigDef.Type.LONG, 300000L, atLeast(1), MEDIUM,
                    "How often logs are searched for segments to delete, in milliseconds.")
            .define(LOG_RETENTION_HOURS, ConfigDef.Type.INT, 168, Validators.unlimitedOr(1), HIGH,
                    "Age at which a segment is deleted, in hours, -1 for never; log.retention.minutes and log.retention.ms go before.")
            .define(LOG_RETENTION_MINUTES, ConfigDef.Type.INT, null, Validators.unlimitedOr(1), HIGH,
                    "Age at which a segment is deleted, in minutes, -1 for never; log.retention.ms goes before.")
            .define(LOG_RETENTION_MS, ConfigDef.Type.LONG, null, Validators.unlimitedOr(1), HIGH,
                    "Age at which a segment is deleted, in milliseconds, -1 for never.")
            .define(LOG_ROLL_HOURS, ConfigDef.Type.INT, 168, atLeast(1), HIGH,
                    "Age at which a new segment is begun, in hours; log.roll.ms goes before.")
            .define(LOG_ROLL_MS, ConfigDef.Type.LONG, null, Validators.nullOr(atLeast(1)), HIGH,
                    "Age at which a new segment is begun, in milliseconds.")
            .define(LOG_SEGMENT_BYTES, ConfigDef.Type.INT, 1 << 30, atLeast(1 << 20), HIGH,
                    TopicConfig.SEGMENT_BYTES_DOC)
            .define(MAX_CONNECTIONS, ConfigDef.Type.INT, Integer.MAX_VALUE, atLeast(0), MEDIUM,
                    "The most connections of clients at a time.")
            .define(MAX_CONNECTIONS_PER_IP, ConfigDef.Type.INT, Integer.MAX_VALUE, atLeast(0), MEDIUM,
                    "The most connections from one address at a time.")
            .define(MAX_FETCH_SESSIONS, ConfigDef.Type.INT, 1000, atLeast(0), MEDIUM,
                    "The most incremental fetch sessions at a time (KIP-227); further fetches are answered in full.")
            .define(MESSAGE_MAX_BYTES, ConfigDef.Type.INT, 1048588, atLeast(0), HIGH, TopicConfig.MAX_MESSAGE_BYTES_DOC)
            .define(MIN_INSYNC_REPLICAS, ConfigDef.Type.INT, 1, atLeast(1), HIGH, TopicConfig.MIN_IN_SYNC_REPLICAS_DOC)
            .define(NODE_ID, ConfigDef.Type.INT, -1, atLeast(-1), HIGH,
                    "Id of this node, from 0 upwards; -1 for the id it had, or the lowest free one.")
            .define(NODE_DRAINING, ConfigDef.Type.BOOLEAN, false, MEDIUM,
                    "Whether the replicas of this node are moved to others and it gets no more, so that it can be removed.")
            .define(NUM_PARTITIONS, ConfigDef.Type.INT, 1, atLeast(1), MEDIUM,
                    "Number of partitions of topics that are created without one.")
            .define(OFFSET_METADATA_MAX_BYTES, ConfigDef.Type.INT, 4096, atLeast(0), HIGH,
                    "Longest text beside a committed offset, in bytes.")
            .define(OFFSETS_RETENTION_MINUTES, ConfigDef.Type.INT, 10080, atLeast(1), HIGH,
                    "How long the offsets of an empty consumer group are kept, in minutes.")
            .define(OFFSETS_TOPIC_NUM_PARTITIONS, ConfigDef.Type.INT, 50, atLeast(1), HIGH,
                    "Number of coordinators that consumer groups are spread over; read when the first group comes.")
            .define(OFFSETS_TOPIC_REPLICATION_FACTOR, ConfigDef.Type.SHORT, (short) 3, atLeast(1), HIGH,
                    "Replicas of each coordinator's state, as far as there are nodes; read when the first group comes.")
            .define(PRODUCER_ID_EXPIRATION_MS, ConfigDef.Type.INT, 86400000, atLeast(1), LOW,
                    "An idempotent producer's state in a partition is forgotten after this long without a write, in milliseconds.")
            .define(SOCKET_REQUEST_MAX_BYTES, ConfigDef.Type.INT, 104857600, atLeast(1), HIGH,
                    "A connection that sends a request larger than this is closed, in bytes.");

    private BrokerConfigs() {
    }

    /** The names of all settings of a node, in alphabetical order. */
    public static Set<String> names() {
        return new TreeSet<>(DEF.names());
    }

    /** Whether the setting can be changed at run time. */
    public static boolean isDynamic(String name) {
        return name.equals(NODE_DRAINING) || TopicDefaults.isDynamic(name);
    }

    /**
     * Whether a node is being emptied.
     *
     * @param configs what is set on the node at run time
     */
    public static boolean isDraining(Map<String, String> configs) {
        String value = configs.get(NODE_DRAINING);
        return value != null && (boolean) parse(NODE_DRAINING, value);
    }

    /**
     * Checks settings given when a node starts.
     *
     * @throws InvalidConfigurationException in one line: which setting or value is refused, and what is possible
     */
    public static void validateStatic(Map<String, String> configs) {
        configs.forEach(BrokerConfigs::parse);
        if (configs.containsKey(NODE_DRAINING)) {
            throw new InvalidConfigurationException("setting " + NODE_DRAINING
                    + " is of the cluster and not of one start; set it while the node runs: sluice cluster drain NODE");
        }
    }

    /**
     * Checks settings that are to be changed at run time for all nodes.
     *
     * @throws InvalidRequestException if one is of single nodes only
     */
    public static void requireForAllNodes(Map<String, String> configs) {
        if (configs.containsKey(NODE_DRAINING)) {
            throw new InvalidRequestException(
                    "setting " + NODE_DRAINING + " is of one node: all cannot be emptied; name the node");
        }
    }

    /**
     * Checks settings that are to be changed at run time.
     *
     * @throws InvalidConfigurationException in one line: which setting or value is refused, and what is possible
     * @throws InvalidRequestException if a setting is fixed while the node runs
     */
    public static void validateDynamic(Map<String, String> configs) {
        configs.forEach((name, value) -> {
            parse(name, value);
            requireDynamic(name);
        });
    }

    /**
     * Checks that a setting can be changed at run time.
     *
     * @throws InvalidConfigurationException if there is no such setting
     * @throws InvalidRequestException if it is fixed while the node runs
     */
    public static void requireDynamic(String name) {
        requireKnown(name);
        if (!isDynamic(name)) {
            throw new InvalidRequestException(
                    "setting " + name + " is read when the node starts; set it there, and start the node anew");
        }
    }

    /**
     * Checks that a setting can be removed at run time. One of Kafka's that does not act here never was set: Kafka's tools remove such to be sure.
     *
     * @throws InvalidConfigurationException if there is no such setting
     * @throws InvalidRequestException if it is fixed while the node runs
     */
    public static void requireRemovable(String name) {
        if (KafkaNames.reason(name) == null) {
            requireDynamic(name);
        }
    }

    static Object parse(String name, String value) {
        requireKnown(name);
        return Definitions.parse(DEF, name, value);
    }

    private static void requireKnown(String name) {
        if (!DEF.configKeys().containsKey(name)) {
            String possible = TopicConfigs.isTopicConfig(name)
                    ? "it is a setting of topics, a node has " + TopicDefaults.of(name).getFirst().name()
                    : "a node has " + String.join(", ", names());
            throw new InvalidConfigurationException(KafkaNames.refusal(name, possible));
        }
    }
}
