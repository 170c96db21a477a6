package io.sluice.actors.config;

import java.time.Duration;

/**
 * Limits of groups of the consumer protocol (KIP-848), where the coordinator and not the client decides; each has its Kafka name.
 *
 * @param sessionTimeout a member that is silent for so long is given up ({@code group.consumer.session.timeout.ms})
 * @param heartbeatInterval how often members are told to ask ({@code group.consumer.heartbeat.interval.ms})
 * @param maxSize members a group may have ({@code group.consumer.max.size})
 * @param migrationPolicy whether members of both protocols may meet in a group ({@code group.consumer.migration.policy})
 */
public record ConsumerGroupSettings(Duration sessionTimeout, Duration heartbeatInterval, int maxSize,
        MigrationPolicy migrationPolicy) {

    /** Kafka's defaults. */
    public static final ConsumerGroupSettings DEFAULT = new ConsumerGroupSettings(Duration.ofSeconds(45),
            Duration.ofSeconds(5), Integer.MAX_VALUE, MigrationPolicy.BIDIRECTIONAL);
}
