package io.sluice.clusterconfig;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigRenderOptions;
import io.sluice.actors.config.StaticConfigs;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Turns the resolved configuration into typed values; a wrong one is refused by name. */
final class TypedSettings {
    private static final int KAFKA_PORT = 9092;
    private static final int CLUSTER_PORT = 7355;
    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");
    /** When a record counts as stored. */
    static final String FLUSH = "sluice.log.flush";
    private static final List<String> FLUSH_MODES = List.of("commit", "os");

    private final Config config;

    TypedSettings(Config config) {
        this.config = config;
    }

    /** When a record counts as stored, as the broker setting of this meaning has it. */
    String flush() {
        return value(FLUSH, text -> oneOf(FLUSH_MODES, text));
    }

    /** @param broker the checked settings with Kafka names */
    NodeSettings read(StaticConfigs broker) {
        HostPort listen = value("sluice.listen", HostPort::parse);
        HostPort advertise = text("sluice.advertise").isBlank() ? null : value("sluice.advertise", HostPort::parse);
        HostPort cluster = text("sluice.cluster.listen").isBlank()
                ? new HostPort("127.0.0.1", listen.port() == KAFKA_PORT ? CLUSTER_PORT : 0)
                : value("sluice.cluster.listen", HostPort::parse);
        return new NodeSettings(value("sluice.data-dir", TypedSettings::directory), listen, advertise, cluster, seeds(),
                duration("sluice.cluster.join-timeout"), duration("sluice.cluster.form-timeout"),
                flag("sluice.cluster.restart-when-removed"), duration("sluice.start-timeout"),
                duration("sluice.stop-timeout"),
                value("sluice.log-level", text -> oneOf(LEVELS, text)), broker, config);
    }

    private List<HostPort> seeds() {
        try {
            return config.getStringList("sluice.cluster.seeds").stream()
                    .map(seed -> checked("sluice.cluster.seeds", seed, HostPort::parse)).toList();
        } catch (ConfigException e) {
            throw wrong("sluice.cluster.seeds",
                    config.getValue("sluice.cluster.seeds").render(ConfigRenderOptions.concise()),
                    "must be a list of HOST:PORT");
        }
    }

    private <T> T value(String key, Function<String, T> reader) {
        return checked(key, text(key), reader);
    }

    private <T> T checked(String key, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw wrong(key, text, e.getMessage());
        }
    }

    private String text(String key) {
        try {
            return config.getString(key);
        } catch (ConfigException e) {
            throw wrong(key, config.getValue(key).render(ConfigRenderOptions.concise()), "must be a text");
        }
    }

    private boolean flag(String key) {
        try {
            return config.getBoolean(key);
        } catch (ConfigException e) {
            throw wrong(key, text(key), "must be on or off");
        }
    }

    private Duration duration(String key) {
        Duration duration = config.getDuration(key);
        if (duration.isNegative() || duration.isZero()) {
            throw wrong(key, text(key), "must be more than 0");
        }
        return duration;
    }

    private static Path directory(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("must name a directory");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a possible path", e);
        }
    }

    private static String oneOf(List<String> possible, String text) {
        String value = text.toLowerCase(Locale.ROOT);
        if (!possible.contains(value)) {
            throw new IllegalArgumentException("must be one of " + String.join(", ", possible));
        }
        return value;
    }

    private StartException wrong(String key, String value, String why) {
        return StartException.setting(config.getValue(key).origin().description(),
                "setting " + key + " = " + value + ": " + why);
    }
}
