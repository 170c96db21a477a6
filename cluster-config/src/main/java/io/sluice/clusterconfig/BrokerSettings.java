package io.sluice.clusterconfig;

import io.sluice.actors.config.BrokerConfigs;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.clusterconfig.cli.Failures;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/** The broker settings with Kafka names that act, from the table of {@link BrokerConfigs}. */
final class BrokerSettings {

    /**
     * One setting as somebody gave it.
     *
     * @param origin where, for messages
     */
    record Given(String value, String origin) {}

    private BrokerSettings() {
    }

    /** All names that act. */
    static Set<String> names() {
        return BrokerConfigs.names();
    }

    /**
     * Checks names and values.
     *
     * @throws StartException in one line for the first that is refused
     */
    static StaticConfigs checked(Map<String, Given> settings) {
        settings.forEach(BrokerSettings::requirePossible);
        try {
            return StaticConfigs.of(
                    settings.entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().value())));
        } catch (InvalidConfigurationException e) {
            throw StartException.setting(Failures.reason(e));
        }
    }

    private static void requirePossible(String name, Given given) {
        try {
            BrokerConfigs.validateStatic(Map.of(name, given.value()));
        } catch (InvalidConfigurationException e) {
            String message = Failures.reason(e);
            String unknown = "unknown setting " + name;
            throw StartException.setting(given.origin(), message.startsWith(unknown)
                    ? NearMatch.of(name, names()).map(near -> unknown + "; did you mean " + near + "?").orElse(message)
                    : message);
        }
    }
}
