package io.sluice.persistence.log;

import io.sluice.persistence.log.compact.CompactionPolicy;

/**
 * The settings of one log. Immutable; a change is a new value handed to {@link Log#configure}.
 *
 * @param segmentBytes a segment that would grow past this many bytes is closed and a new one begun; at least 14
 * @param segmentMs a segment whose first record was appended longer ago than this is closed at the next append or
 *        retention run, in milliseconds
 * @param retentionBytes closed segments are deleted, oldest first, as long as at least this many bytes are left, as Apache
 *        Kafka does; -1 for no limit
 * @param retentionMs closed segments whose largest timestamp is older than this are deleted, in milliseconds; -1 for no
 *        limit
 * @param flush when an append counts as stored
 * @param compaction how a log of record batches is compacted, null if it is not
 */
public record LogConfig(long segmentBytes, long segmentMs, long retentionBytes, long retentionMs, FlushMode flush,
        CompactionPolicy compaction) {

    /** No retention, segments of 1 GiB or a week, every append synced: what a persistent actor's events want. */
    public static final LogConfig EVENTS = new LogConfig(1L << 30, 7L * 24 * 3600 * 1000, -1, -1, FlushMode.COMMIT);

    public LogConfig {
        if (segmentBytes < 14) {
            throw new IllegalArgumentException("segmentBytes is " + segmentBytes + ", must be at least 14");
        }
        if (segmentMs < 1) {
            throw new IllegalArgumentException("segmentMs is " + segmentMs + ", must be at least 1");
        }
        if (retentionBytes < -1) {
            throw new IllegalArgumentException("retentionBytes is " + retentionBytes + ", must be at least -1");
        }
        if (retentionMs < -1) {
            throw new IllegalArgumentException("retentionMs is " + retentionMs + ", must be at least -1");
        }
    }

    /** Settings of a log that is not compacted. */
    public LogConfig(long segmentBytes, long segmentMs, long retentionBytes, long retentionMs, FlushMode flush) {
        this(segmentBytes, segmentMs, retentionBytes, retentionMs, flush, null);
    }

    /** The same settings with another flush mode. */
    public LogConfig withFlush(FlushMode mode) {
        return new LogConfig(segmentBytes, segmentMs, retentionBytes, retentionMs, mode, compaction);
    }

    /** The same settings for a compacted log. */
    public LogConfig withCompaction(CompactionPolicy policy) {
        return new LogConfig(segmentBytes, segmentMs, retentionBytes, retentionMs, flush, policy);
    }
}
