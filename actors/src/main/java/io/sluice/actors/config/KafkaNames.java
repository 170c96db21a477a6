package io.sluice.actors.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The names of Kafka's settings that have no meaning here, each with the reason, so that a refusal can tell a setting of Kafka's from a
 * misspelt one. Read on the first refusal only.
 */
final class KafkaNames {

    private static final class Holder {
        static final Map<String, String> REASONS = load();
    }

    private KafkaNames() {
    }

    /** Why a name is refused: one line that names it. */
    static String refusal(String name, String possible) {
        String reason = Holder.REASONS.get(name);
        return reason == null
                ? "unknown setting " + name + "; " + possible
                : "setting " + name + " of Kafka is not possible here: " + reason;
    }

    /** Why Kafka's setting of this name is refused, or null if Kafka has no such setting or it acts here. */
    static String reason(String name) {
        return Holder.REASONS.get(name);
    }

    private static Map<String, String> load() {
        Map<String, String> reasons = new HashMap<>();
        try (var in = KafkaNames.class.getResourceAsStream("kafka-names.txt");
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String reason = "it does not act yet";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("= ")) {
                    reason = line.substring(2);
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    reasons.put(line.strip(), reason);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(reasons);
    }
}
