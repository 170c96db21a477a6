package io.sluice.persistence.log.compact;

import java.time.Duration;

/**
 * What a node spends on compaction, for all its logs together. Immutable.
 *
 * @param mapBytes most memory for the last offset of each key, in bytes; what does not fit takes several passes
 * @param mostProducers of how many idempotent producers a pass remembers the last batch; heads of others' batches all stay
 * @param bytesPerSecond most bytes read and written in a second
 * @param checkInterval how often open logs are looked at
 */
public record CompactionSettings(long mapBytes, int mostProducers, long bytesPerSecond, Duration checkInterval) {

    /** 64 MiB, 100,000 producers, 64 MiB a second, each 15 s. */
    public static final CompactionSettings DEFAULT = new CompactionSettings(64L << 20, 100_000, 64L << 20,
            Duration.ofSeconds(15));

    public CompactionSettings {
        if (mapBytes < OffsetMap.ENTRY_BYTES || mostProducers < 0 || bytesPerSecond < 1
                || checkInterval.toMillis() < 1) {
            throw new IllegalArgumentException("compaction needs at least " + OffsetMap.ENTRY_BYTES
                    + " bytes of memory, 1 byte a second and an interval of 1 ms");
        }
    }
}
