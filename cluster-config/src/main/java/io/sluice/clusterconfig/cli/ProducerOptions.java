package io.sluice.clusterconfig.cli;

import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say how records are sent. */
final class ProducerOptions {
    private static final int LINGER_MS = 5;

    @Option(names = "--acks", paramLabel = "ACKS", description = "all, 1 or 0; default all.")
    private String acks;

    @Option(names = "--compression", paramLabel = "CODEC", description = "none, gzip, snappy, lz4 or zstd; default none.")
    private String compression;

    /**
     * Adds what they say to a producer's properties.
     *
     * @param timeout how long a record may wait to be acknowledged
     */
    void addTo(Map<String, Object> properties, Duration timeout) {
        int millis = (int) timeout.toMillis();
        properties.putIfAbsent("linger.ms", LINGER_MS);
        properties.put("max.block.ms", millis);
        properties.put("request.timeout.ms", millis);
        properties.put("delivery.timeout.ms", millis + Integer.parseInt(properties.get("linger.ms").toString()));
        if (acks != null) {
            properties.put("acks", acks);
        }
        if (compression != null) {
            properties.put("compression.type", compression);
        }
    }
}
