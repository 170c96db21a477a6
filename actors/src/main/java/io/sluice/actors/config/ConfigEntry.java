package io.sluice.actors.config;

import java.util.List;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * One setting as DescribeConfigs shows it.
 *
 * @param name its Kafka name
 * @param value the value in force as text, or null if there is none
 * @param source where that value comes from
 * @param readOnly whether it is fixed while the node runs
 * @param sensitive whether the value must not be shown; then {@code value} is null
 * @param type type of the value
 * @param documentation what the setting does
 * @param synonyms every value that was set for it, under the name it was set, the one in force first
 */
public record ConfigEntry(String name, String value, ConfigSource source, boolean readOnly, boolean sensitive,
        ConfigType type, String documentation, List<Synonym> synonyms) {

    /**
     * A value on one level.
     *
     * @param name the name under which it was set
     * @param value the value as text, or null
     * @param source the level
     */
    public record Synonym(String name, String value, ConfigSource source) {}

    public ConfigEntry {
        synonyms = List.copyOf(synonyms);
    }
}
