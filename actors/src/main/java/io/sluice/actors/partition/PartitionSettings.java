package io.sluice.actors.partition;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The settings under {@code sluice.partition}; {@code reference.conf} says what each means.
 *
 * @param passivateAfter time without use after which a partition's actor stops
 * @param sweepInterval how often partitions are looked at for idleness and overdue starts
 * @param activationTimeout longest wait for a partition to start
 * @param inFlightAppendsMax most appends of one partition that wait to be stored
 * @param inFlightBytesMax most bytes of one partition that wait to be stored
 * @param snapshotEvery batches after which the state is saved
 * @param snapshotOnStop batches after which an actor that stops saves its state
 * @param restartBackoffMin pause after a first failure
 * @param restartBackoffMax longest pause after repeated failures
 * @param dispatcher name of the dispatcher that runs the partitions' actors
 * @param producerExpirationMs {@code producer.id.expiration.ms}
 * @param retentionCheckIntervalMs {@code log.retention.check.interval.ms}
 */
public record PartitionSettings(Duration passivateAfter, Duration sweepInterval, Duration activationTimeout,
        int inFlightAppendsMax, long inFlightBytesMax, int snapshotEvery, int snapshotOnStop,
        Duration restartBackoffMin,
        Duration restartBackoffMax, String dispatcher, long producerExpirationMs, long retentionCheckIntervalMs) {

    public PartitionSettings {
        if (inFlightAppendsMax < 1 || inFlightAppendsMax > InFlight.APPENDS_LIMIT) {
            throw new IllegalArgumentException("sluice.partition.in-flight-appends-max is " + inFlightAppendsMax
                    + ", must be from 1 to " + InFlight.APPENDS_LIMIT);
        }
        if (snapshotEvery < 1) {
            throw new IllegalArgumentException(
                    "sluice.partition.snapshot-every is " + snapshotEvery + ", must be at least 1");
        }
        if (snapshotOnStop < 1) {
            throw new IllegalArgumentException(
                    "sluice.partition.snapshot-on-stop is " + snapshotOnStop + ", must be at least 1");
        }
        if (sweepInterval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "sluice.partition.sweep-interval is " + sweepInterval + ", must be at least 1 ms");
        }
    }

    /**
     * Reads {@code sluice.partition}.
     *
     * @param config the whole configuration
     * @param producerExpirationMs {@code producer.id.expiration.ms}
     * @param retentionCheckIntervalMs {@code log.retention.check.interval.ms}
     */
    public static PartitionSettings read(Config config, long producerExpirationMs, long retentionCheckIntervalMs) {
        Config own = config.getConfig("sluice.partition");
        return new PartitionSettings(own.getDuration("passivate-after"), own.getDuration("sweep-interval"),
                own.getDuration("activation-timeout"), own.getInt("in-flight-appends-max"),
                own.getBytes("in-flight-bytes-max"), own.getInt("snapshot-every"), own.getInt("snapshot-on-stop"),
                own.getDuration("restart-backoff-min"), own.getDuration("restart-backoff-max"),
                own.getString("dispatcher"), producerExpirationMs,
                retentionCheckIntervalMs);
    }
}
