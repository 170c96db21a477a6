package io.sluice.actors.config;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.persistence.log.FlushMode;
import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.log.compact.CompactionPolicy;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;

/**
 * The settings in force for a topic on one node, typed.
 *
 * @param log settings of its partitions' logs
 * @param maxMessageBytes largest record batch, in bytes
 * @param timestampType whose timestamps count: the producer's or the leader's
 * @param timestampBeforeMaxMs how far a record's timestamp may lie in the past, in milliseconds
 * @param timestampAfterMaxMs how far a record's timestamp may lie in the future, in milliseconds
 * @param minInSyncReplicas in-sync replicas that an append with acks=all needs, else NOT_ENOUGH_REPLICAS; a number above the replication
 *        factor is accepted, as in Kafka, and then no such append succeeds
 */
public record TopicSettings(LogConfig log, int maxMessageBytes, TimestampType timestampType, long timestampBeforeMaxMs,
        long timestampAfterMaxMs, int minInSyncReplicas) {

    /** The settings of a topic on the image's own node: a dozen look-ups, so keep the result while the image's maps stay the same. */
    public static TopicSettings of(ClusterImage image, TopicImage topic, StaticConfigs statics) {
        EffectiveConfigs effective = EffectiveConfigs.of(image, image.selfId(), statics);
        var values = new Values(effective, topic);
        return new TopicSettings(log(values, statics), (int) values.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                TimestampType.forName((String) values.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)),
                (long) values.get(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
                (long) values.get(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
                (int) values.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG));
    }

    private static LogConfig log(Values values, StaticConfigs statics) {
        List<?> policies = (List<?>) values.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        boolean deletes = policies.contains(TopicConfig.CLEANUP_POLICY_DELETE);
        boolean compacts = policies.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        long maxLagMs = (long) values.get(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG);
        long segmentMs = (long) values.get(TopicConfig.SEGMENT_MS_CONFIG);
        LogConfig log = new LogConfig((int) values.get(TopicConfig.SEGMENT_BYTES_CONFIG),
                compacts ? Math.min(segmentMs, maxLagMs) : segmentMs, // only closed segments are compacted
                deletes ? (long) values.get(TopicConfig.RETENTION_BYTES_CONFIG) : -1,
                deletes ? (long) values.get(TopicConfig.RETENTION_MS_CONFIG) : -1,
                FlushMode.valueOf(((String) values.get(TopicConfigs.FLUSH_MODE)).toUpperCase(Locale.ROOT)));
        return compacts
                ? log.withCompaction(new CompactionPolicy((long) values.get(TopicConfig.DELETE_RETENTION_MS_CONFIG),
                        (double) values.get(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG),
                        (long) values.get(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG), maxLagMs,
                        statics.settings().producerIdExpirationMs()))
                : log;
    }

    private record Values(EffectiveConfigs effective, TopicImage topic) {
        Object get(String name) {
            return TopicConfigs.parse(name, effective.topicValue(topic, name));
        }
    }
}
