package io.sluice.actors.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/** The settings of single groups of the consumer protocol (KIP-848): their names, types and limits. What a group does not set, its coordinator's node does. */
public final class GroupConfigs {

    public static final String CONSUMER_HEARTBEAT_INTERVAL_MS = "consumer.heartbeat.interval.ms";
    public static final String CONSUMER_SESSION_TIMEOUT_MS = "consumer.session.timeout.ms";

    static final ConfigDef DEF = new ConfigDef()
            .define(CONSUMER_HEARTBEAT_INTERVAL_MS, ConfigDef.Type.INT, 5000, atLeast(1), MEDIUM,
                    "How often the members of the group are told to send a heartbeat, in milliseconds.")
            .define(CONSUMER_SESSION_TIMEOUT_MS, ConfigDef.Type.INT, 45000, atLeast(1), MEDIUM,
                    "A member of the group that is silent for this long is given up, in milliseconds.");

    private GroupConfigs() {
    }

    /** The names of all settings of a group, in alphabetical order. */
    public static Set<String> names() {
        return new TreeSet<>(DEF.names());
    }

    /**
     * Checks that a group has a setting of this name.
     *
     * @throws InvalidConfigurationException in one line: why not, and what is possible
     */
    public static void requireKnown(String name) {
        if (!DEF.configKeys().containsKey(name)) {
            throw new InvalidConfigurationException(
                    "unknown setting " + name + "; a group has " + String.join(", ", names()));
        }
    }

    /**
     * Checks all that a group sets.
     *
     * @throws InvalidConfigurationException in one line: which setting or value is refused, and what is possible
     */
    public static void validate(Map<String, String> configs) {
        configs.forEach((name, value) -> {
            requireKnown(name);
            Definitions.parse(DEF, name, value);
        });
        if (configs.keySet().containsAll(names())
                && millis(configs, CONSUMER_SESSION_TIMEOUT_MS) <= millis(configs, CONSUMER_HEARTBEAT_INTERVAL_MS)) {
            throw new InvalidConfigurationException(
                    CONSUMER_SESSION_TIMEOUT_MS + " must be greater than " + CONSUMER_HEARTBEAT_INTERVAL_MS);
        }
    }

    /**
     * The settings of one group.
     *
     * @param node those of the coordinator's node
     * @param configs what the group sets
     */
    public static ConsumerGroupSettings apply(ConsumerGroupSettings node, Map<String, String> configs) {
        if (configs.isEmpty()) {
            return node;
        }
        Duration session = configs.containsKey(CONSUMER_SESSION_TIMEOUT_MS)
                ? Duration.ofMillis(millis(configs, CONSUMER_SESSION_TIMEOUT_MS))
                : node.sessionTimeout();
        Duration heartbeat = configs.containsKey(CONSUMER_HEARTBEAT_INTERVAL_MS)
                ? Duration.ofMillis(millis(configs, CONSUMER_HEARTBEAT_INTERVAL_MS))
                : node.heartbeatInterval();
        return new ConsumerGroupSettings(session, heartbeat, node.maxSize(), node.migrationPolicy());
    }

    private static int millis(Map<String, String> configs, String name) {
        return (int) Definitions.parse(DEF, name, configs.get(name));
    }
}
