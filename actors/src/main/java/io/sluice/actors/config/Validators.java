package io.sluice.actors.config;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Checks of values that Kafka's own validators do not offer. */
final class Validators {

    private Validators() {
    }

    /** A number that is at least {@code min}, or -1 for no limit. */
    static ConfigDef.Validator unlimitedOr(long min) {
        return ConfigDef.LambdaValidator.with((name, value) -> {
            if (value != null && ((Number) value).longValue() != -1 && ((Number) value).longValue() < min) {
                throw new ConfigException(name, value, "must be -1 (no limit) or at least " + min);
            }
        }, () -> "[" + min + ",...] or -1");
    }

    /** A number that is at least {@code min}, or not set. */
    static ConfigDef.Validator nullOr(ConfigDef.Validator validator) {
        return ConfigDef.LambdaValidator.with((name, value) -> {
            if (value != null) {
                validator.ensureValid(name, value);
            }
        }, validator::toString);
    }

    /** A list of one or more of some values, each once. */
    static ConfigDef.Validator someOf(String... possible) {
        List<String> all = List.of(possible);
        return ConfigDef.LambdaValidator.with((name, value) -> {
            List<?> values = (List<?>) value;
            if (values.isEmpty() || !all.containsAll(values) || Set.copyOf(values).size() < values.size()) {
                throw new ConfigException(name, value, "must be one or more of " + String.join(", ", all));
            }
        }, all::toString);
    }

    /** The one value that acts so far; {@code reason} says why no other does. */
    static ConfigDef.Validator only(String possible, String reason) {
        return ConfigDef.LambdaValidator.with((name, value) -> {
            Collection<?> values = value instanceof Collection<?> list ? list : List.of(value);
            if (!List.of(possible).equals(List.copyOf(values))) {
                throw new ConfigException(name, value, "only " + possible + " is possible: " + reason);
            }
        }, () -> "[" + possible + "]");
    }
}
