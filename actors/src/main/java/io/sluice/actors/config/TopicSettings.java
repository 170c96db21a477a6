package io.sluice.actors.config;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.persistence.log.FlushMode;
import io.sluice.persistence.log.LogConfig;
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
        LogConfig log = new LogConfig((int) values.get(TopicConfig.SEGMENT_BYTES_CONFIG),
                (long) values.get(TopicConfig.SEGMENT_MS_CONFIG), (long) values.get(TopicConfig.RETENTION_BYTES_CONFIG),
                (long) values.get(TopicConfig.RETENTION_MS_CONFIG),
                FlushMode.valueOf(((String) values.get(TopicConfigs.FLUSH_MODE)).toUpperCase(Locale.ROOT)));
        return new TopicSettings(log, (int) values.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                TimestampType.forName((String) values.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)),
                (long) values.get(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
                (long) values.get(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
                (int) values.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG));
    }

    private record Values(EffectiveConfigs effective, TopicImage topic) {
        Object get(String name) {
            return TopicConfigs.parse(name, effective.topicValue(topic, name));
        }
    }
}
