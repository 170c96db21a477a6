package io.sluice.actors.config;

import java.time.Duration;

/**
 * Limits of the group coordinators; each has its Kafka name.
 *
 * @param coordinators number of coordinators, the partitions of their topic when it is created ({@code offsets.topic.num.partitions})
 * @param replicationFactor replicas of each coordinator ({@code offsets.topic.replication.factor}), as far as there are nodes
 * @param minSessionTimeout {@code group.min.session.timeout.ms}
 * @param maxSessionTimeout {@code group.max.session.timeout.ms}
 * @param initialRebalanceDelay how long an empty group waits for more members ({@code group.initial.rebalance.delay.ms})
 * @param maxSize members a group may have ({@code group.max.size})
 * @param offsetsRetention how long the offsets of an empty group are kept ({@code offsets.retention.minutes})
 * @param maxMetadataBytes length of the text beside a committed offset ({@code offset.metadata.max.bytes})
 * @param consumer what holds for groups of the consumer protocol that have no settings of their own ({@link GroupConfigs})
 */
public record GroupSettings(int coordinators, short replicationFactor, Duration minSessionTimeout,
        Duration maxSessionTimeout,
        Duration initialRebalanceDelay, int maxSize, Duration offsetsRetention, int maxMetadataBytes,
        ConsumerGroupSettings consumer) {

    /** Kafka's defaults. */
    public static final GroupSettings DEFAULT = new GroupSettings(50, (short) 3, Duration.ofSeconds(6),
            Duration.ofMinutes(30),
            Duration.ofSeconds(3), Integer.MAX_VALUE, Duration.ofDays(7), 4096, ConsumerGroupSettings.DEFAULT);
}
