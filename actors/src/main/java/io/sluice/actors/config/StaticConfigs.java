package io.sluice.actors.config;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/** The settings with Kafka names that a node was started with, checked. Immutable. */
public final class StaticConfigs {

    /** Nothing set: the defaults. */
    public static final StaticConfigs NONE = new StaticConfigs(Map.of());

    private final Map<String, String> values;

    private StaticConfigs(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Checks and keeps settings from the file and the command line.
     *
     * @throws InvalidConfigurationException in one line: which setting or value is refused, and what is possible
     */
    public static StaticConfigs of(Map<String, String> values) {
        BrokerConfigs.validateStatic(new TreeMap<>(values));
        String nodeId = values.get(BrokerConfigs.NODE_ID);
        String brokerId = values.get(BrokerConfigs.BROKER_ID);
        if (nodeId != null && brokerId != null && !nodeId.strip().equals(brokerId.strip())) {
            throw new InvalidConfigurationException(
                    "node.id is " + nodeId + " but broker.id is " + brokerId + "; set one of them");
        }
        StaticConfigs checked = new StaticConfigs(values);
        GroupConfigs.requireWithinLimits(checked);
        return checked;
    }

    /** What was set, by name. */
    public Map<String, String> values() {
        return values;
    }

    /** The typed value of a setting: what was set, or the default. */
    Object get(String name) {
        String value = values.get(name);
        return value == null ? BrokerConfigs.DEF.defaultValues().get(name) : BrokerConfigs.parse(name, value);
    }

    /** The typed settings that are fixed while the node runs. */
    public NodeSettings settings() {
        return NodeSettings.of(this);
    }

    /** The limits of the group coordinators, typed. */
    public GroupSettings groupSettings() {
        return new GroupSettings((int) get(BrokerConfigs.OFFSETS_TOPIC_NUM_PARTITIONS),
                (short) get(BrokerConfigs.OFFSETS_TOPIC_REPLICATION_FACTOR),
                Duration.ofMillis((int) get(BrokerConfigs.GROUP_MIN_SESSION_TIMEOUT_MS)),
                Duration.ofMillis((int) get(BrokerConfigs.GROUP_MAX_SESSION_TIMEOUT_MS)),
                Duration.ofMillis((int) get(BrokerConfigs.GROUP_INITIAL_REBALANCE_DELAY_MS)),
                (int) get(BrokerConfigs.GROUP_MAX_SIZE),
                Duration.ofMinutes((int) get(BrokerConfigs.OFFSETS_RETENTION_MINUTES)),
                (int) get(BrokerConfigs.OFFSET_METADATA_MAX_BYTES),
                new ConsumerGroupSettings(
                        Duration.ofMillis((int) get(BrokerConfigs.GROUP_CONSUMER_SESSION_TIMEOUT_MS)),
                        Duration.ofMillis((int) get(BrokerConfigs.GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS)),
                        (int) get(BrokerConfigs.GROUP_CONSUMER_MAX_SIZE),
                        MigrationPolicy.named((String) get(BrokerConfigs.GROUP_CONSUMER_MIGRATION_POLICY))));
    }
}
