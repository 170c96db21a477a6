package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where settings come from, weakest first.
 *
 * @param file a settings file, or null
 * @param environment the process's environment
 * @param assignments {@code KEY=VALUE} from the command line; a later one wins
 */
record SettingsSources(Path file, Map<String, String> environment, List<Assignment> assignments) {

    SettingsSources {
        environment = Map.copyOf(environment);
        assignments = List.copyOf(assignments);
    }

    /**
     * One setting from the command line.
     *
     * @param key name of the setting
     * @param value its value as text
     * @param origin how the user wrote it, for messages
     */
    record Assignment(String key, String value, String origin) {

        /**
         * Reads {@code KEY=VALUE}.
         *
         * @throws StartException if there is no key
         */
        static Assignment parse(String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new StartException(ExitCode.USAGE, "--set " + text + ": write --set KEY=VALUE");
            }
            String key = text.substring(0, equals).strip();
            return new Assignment(key, text.substring(equals + 1).strip(), "--set");
        }
    }
}
