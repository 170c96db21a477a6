package io.sluice.streams.node;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What runs in a node, and how.
 *
 * @param applications names of classes
 * @param directory holds jars that classes come from, beside those of the node; empty for none
 * @param restart whether streams that fail start again
 * @param minBackoff the pause before the first restart, doubled with each further failure
 * @param maxBackoff the longest pause; a stream that ran for longer begins with the shortest again
 * @param drainTimeout how long streams may take to drain when the node stops
 * @param ofUsers the applications' own settings
 */
public record ApplicationSettings(List<String> applications, Optional<Path> directory, boolean restart,
        Duration minBackoff, Duration maxBackoff, Duration drainTimeout, Config ofUsers) {

    public ApplicationSettings {
        applications = List.copyOf(applications);
    }

    /**
     * Reads them from a node's configuration.
     *
     * @throws com.typesafe.config.ConfigException if one is wrong
     */
    public static ApplicationSettings read(Config node) {
        Config config = node.getConfig("sluice.streams");
        String directory = config.getString("directory");
        return new ApplicationSettings(config.getStringList("applications"),
                directory.isBlank() ? Optional.empty() : Optional.of(Path.of(directory)),
                config.getBoolean("restart.enabled"), config.getDuration("restart.min-backoff"),
                config.getDuration("restart.max-backoff"), config.getDuration("drain-timeout"),
                config.getConfig("settings"));
    }
}
