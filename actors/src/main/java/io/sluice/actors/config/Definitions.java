package io.sluice.actors.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/** Reads values by a {@link ConfigDef}, with the protocol's error for a bad one. */
final class Definitions {

    private Definitions() {
    }

    /**
     * The typed value.
     *
     * @throws InvalidConfigurationException naming the setting, the value and what is possible
     */
    static Object parse(ConfigDef def, String name, String value) {
        ConfigDef.ConfigKey key = def.configKeys().get(name);
        try {
            Object parsed = ConfigDef.parseType(name, value, key.type);
            if (parsed == null) {
                throw new ConfigException(name, null, "a value is needed");
            }
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
            return parsed;
        } catch (ConfigException e) {
            throw new InvalidConfigurationException(e.getMessage());
        }
    }

    /** The default as text, or null if there is none. */
    static String defaultText(ConfigDef def, String name) {
        ConfigDef.ConfigKey key = def.configKeys().get(name);
        return key.defaultValue == null ? null : ConfigDef.convertToString(key.defaultValue, key.type);
    }
}
