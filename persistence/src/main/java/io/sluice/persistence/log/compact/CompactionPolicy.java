package io.sluice.persistence.log.compact;

/**
 * When and how one log is compacted. Immutable.
 *
 * @param deleteRetentionMs how long a tombstone stays after it was cleaned first, in milliseconds ({@code delete.retention.ms})
 * @param minDirtyRatio share of the bytes that may be compacted which must be new, from 0 to 1 ({@code min.cleanable.dirty.ratio})
 * @param minLagMs how long a record stays uncompacted at least, in milliseconds ({@code min.compaction.lag.ms})
 * @param maxLagMs how long a record may stay uncompacted, whatever the ratio, in milliseconds ({@code max.compaction.lag.ms})
 * @param producerExpirationMs how long the last batch of an idempotent producer keeps its head when it has no records left, in
 *        milliseconds ({@code producer.id.expiration.ms})
 */
public record CompactionPolicy(long deleteRetentionMs, double minDirtyRatio, long minLagMs, long maxLagMs,
        long producerExpirationMs) {

    public CompactionPolicy {
        if (deleteRetentionMs < 0 || minLagMs < 0 || maxLagMs < 1 || producerExpirationMs < 1) {
            throw new IllegalArgumentException("negative times: " + deleteRetentionMs + ", " + minLagMs + ", "
                    + maxLagMs + ", " + producerExpirationMs);
        }
        if (!(minDirtyRatio >= 0 && minDirtyRatio <= 1)) {
            throw new IllegalArgumentException("minDirtyRatio is " + minDirtyRatio + ", must be from 0 to 1");
        }
    }
}
