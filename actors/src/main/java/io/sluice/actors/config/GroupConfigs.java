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

    private static final String CONSUMER = "consumer.";

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
     * Checks that what a group sets is within the limits of a node ({@code group.consumer.min.…}, {@code group.consumer.max.…}).
     *
     * @param configs values of single groups' settings; others are let pass
     * @throws InvalidConfigurationException in one line: which value is refused, and the limit
     */
    public static void requireWithinLimits(Map<String, String> configs, StaticConfigs node) {
        names().stream().filter(name -> configs.get(name) != null)
                .forEach(name -> requireWithinLimits(name, name, millis(configs, name), node));
    }

    /** Checks a node's limits, and that its own values, which hold for groups that set none, are within them. */
    static void requireWithinLimits(StaticConfigs node) {
        names().forEach(name -> requireOrder(limit("min.", name), limit("max.", name), node));
        names().forEach(name -> requireWithinLimits(inherited(name), name, (int) node.get(inherited(name)), node));
    }

    private static void requireWithinLimits(String told, String name, int millis, StaticConfigs node) {
        String min = limit("min.", name);
        String max = limit("max.", name);
        if (millis < (int) node.get(min)) {
            throw new InvalidConfigurationException(
                    told + " is " + millis + ", must be at least " + min + ", which is " + node.get(min));
        }
        if (millis > (int) node.get(max)) {
            throw new InvalidConfigurationException(
                    told + " is " + millis + ", must be at most " + max + ", which is " + node.get(max));
        }
    }

    private static void requireOrder(String min, String max, StaticConfigs node) {
        if ((int) node.get(min) > (int) node.get(max)) {
            throw new InvalidConfigurationException(
                    min + " is " + node.get(min) + ", must be at most " + max + ", which is " + node.get(max));
        }
    }

    private static String limit(String which, String name) {
        return inherited(CONSUMER + which + name.substring(CONSUMER.length()));
    }

    /** The node's setting that holds where a group does not set its own. */
    static String inherited(String name) {
        return "group." + name;
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
