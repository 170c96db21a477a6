package io.sluice.clusterconfig;

import io.sluice.actors.config.BrokerConfigs;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.clusterconfig.cli.Failures;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/** The broker settings with Kafka names that act, from the table of {@link BrokerConfigs}. */
final class BrokerSettings {

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
    static StaticConfigs checked(Map<String, String> settings) {
        settings.forEach(BrokerSettings::requirePossible);
        try {
            return StaticConfigs.of(settings);
        } catch (InvalidConfigurationException e) {
            throw StartException.setting(Failures.reason(e));
        }
    }

    private static void requirePossible(String name, String value) {
        try {
            BrokerConfigs.validateStatic(Map.of(name, value));
        } catch (InvalidConfigurationException e) {
            String message = Failures.reason(e);
            String unknown = "unknown setting " + name;
            throw StartException.setting(message.startsWith(unknown)
                    ? NearMatch.of(name, names()).map(near -> unknown + "; did you mean " + near + "?").orElse(message)
                    : message);
        }
    }
}
