package io.sluice.clusterconfig;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.function.BiConsumer;

/**
 * What kind of value a setting takes, going by its default. So a value that is none is told with its origin, whoever reads the setting, and when. Lets
 * pass what may be possible: the reader has the last word.
 */
enum SettingType {
    /** A duration. */
    TIME("must be a time with its unit, such as 30s or 500ms"),
    /** Bytes. */
    SIZE("must be a size with its unit, such as 64 MiB"),
    /** Any number. */
    NUMBER("must be a number"),
    /** Not known here. */
    OTHER("");

    private static final String VALUE = "value";

    private final String expected;

    SettingType(String expected) {
        this.expected = expected;
    }

    /** The type of the setting's default in {@code reference}, which need not be resolved. */
    static SettingType of(Config reference, String key) {
        try {
            if (!reference.hasPath(key)) {
                return OTHER;
            }
            ConfigValueType type = reference.getValue(key).valueType();
            if (type == ConfigValueType.NUMBER) {
                return NUMBER;
            }
            if (type != ConfigValueType.STRING) {
                return OTHER;
            }
            if (reads(reference, key, Config::getDuration)) {
                return TIME;
            }
            return reads(reference, key, Config::getBytes) ? SIZE : OTHER;
        } catch (ConfigException e) {
            return OTHER; // a default that refers to another setting
        }
    }

    /** Whether this may be such a value. */
    boolean accepts(ConfigValue value) {
        Config one = value.atKey(VALUE);
        return switch (this) {
            case TIME -> reads(one, VALUE, Config::getDuration);
            case SIZE -> reads(one, VALUE, Config::getBytes);
            // the default of a time or a size may be written without a unit
            case NUMBER -> reads(one, VALUE, Config::getDouble) || reads(one, VALUE, Config::getBytes)
                    || reads(one, VALUE, Config::getDuration);
            case OTHER -> true;
        };
    }

    /** What a value must be, in words. */
    String expected() {
        return expected;
    }

    private static boolean reads(Config config, String key, BiConsumer<Config, String> reader) {
        try {
            reader.accept(config, key);
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }
}
