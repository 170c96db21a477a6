package io.sluice.streams.javadsl;

import java.time.Duration;

/**
 * How often offsets are committed. Immutable.
 *
 * @param maxBatch most records that one commit stands for
 * @param maxInterval longest time before what has come is committed
 * @param parallelism most batches whose commit is under way
 */
public record CommitterSettings(int maxBatch, Duration maxInterval, int parallelism) {

    public CommitterSettings {
        if (maxBatch < 1 || parallelism < 1 || !maxInterval.isPositive()) {
            throw new IllegalArgumentException("maxBatch " + maxBatch + ", maxInterval " + maxInterval
                    + " and parallelism " + parallelism + " must be positive");
        }
    }

    /** At least every 1,000 records and every second, with at most 16 commits under way. */
    public static CommitterSettings create() {
        return new CommitterSettings(1000, Duration.ofSeconds(1), 16);
    }

    /** The same with another batch. */
    public CommitterSettings withMaxBatch(int records) {
        return new CommitterSettings(records, maxInterval, parallelism);
    }

    /** The same with another interval. */
    public CommitterSettings withMaxInterval(Duration interval) {
        return new CommitterSettings(maxBatch, interval, parallelism);
    }

    /** The same with another parallelism. */
    public CommitterSettings withParallelism(int batches) {
        return new CommitterSettings(maxBatch, maxInterval, batches);
    }
}
