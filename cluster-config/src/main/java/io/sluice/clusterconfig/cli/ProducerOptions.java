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
     * @param connection says how long to wait
     */
    void addTo(Map<String, Object> properties, Connection connection) {
        properties.putIfAbsent("linger.ms", LINGER_MS);
        properties.put("max.block.ms", connection.timeout().toMillis());
        properties.put("request.timeout.ms", connection.requestTimeoutMs());
        properties.put("delivery.timeout.ms", (int) connection.deliveryTimeout().toMillis()
                + Integer.parseInt(properties.get("linger.ms").toString()));
        if (acks != null) {
            properties.put("acks", acks);
        }
        if (compression != null) {
            properties.put("compression.type", compression);
        }
    }
}
