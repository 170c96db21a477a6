package io.sluice.actors.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.config.ConfigEntry.Synonym;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.LiveImage;
import io.sluice.actors.image.MemberView;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.persistence.log.FlushMode;
import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.log.compact.CompactionPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.junit.jupiter.api.Test;

class EffectiveConfigsTest {

    private static final StaticConfigs HOURS = StaticConfigs.of(Map.of("log.retention.hours", "2"));

    private Map<String, String> node = Map.of();
    private Map<String, String> cluster = Map.of();

    @Test
    void shouldTakeTheValueNearestToTheTopic() {
        assertThat(retention(Map.of(), StaticConfigs.NONE)).isEqualTo(7L * 24 * 3600 * 1000);
        assertThat(retention(Map.of(), HOURS)).isEqualTo(2L * 3600 * 1000);
        cluster = Map.of("log.retention.ms", "3");
        assertThat(retention(Map.of(), HOURS)).isEqualTo(3);
        node = Map.of("log.retention.ms", "4");
        assertThat(retention(Map.of(), HOURS)).isEqualTo(4);
        assertThat(retention(Map.of("retention.ms", "5"), HOURS)).isEqualTo(5);
    }

    @Test
    void shouldPreferTheFinerUnit() {
        assertThat(retention(Map.of(), StaticConfigs.of(Map.of("log.retention.hours", "2", "log.retention.minutes",
                "3")))).isEqualTo(180_000);
        assertThat(retention(Map.of(), StaticConfigs.of(Map.of("log.retention.minutes", "-1")))).isEqualTo(-1);
    }

    @Test
    void shouldTypeEverySetting() {
        TopicSettings settings = TopicSettings.of(image(), topic(Map.of("flush.mode", "os", "message.timestamp.type",
                "LogAppendTime", "max.message.bytes", "77", "min.insync.replicas", "2", "segment.ms", "9")),
                StaticConfigs.of(Map.of("log.segment.bytes", "1048576", "log.retention.bytes", "12")));

        assertThat(settings.log().flush()).isEqualTo(FlushMode.OS);
        assertThat(settings.log().segmentBytes()).isEqualTo(1 << 20);
        assertThat(settings.log().segmentMs()).isEqualTo(9);
        assertThat(settings.log().retentionBytes()).isEqualTo(12);
        assertThat(settings.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(settings.maxMessageBytes()).isEqualTo(77);
        assertThat(settings.minInSyncReplicas()).isEqualTo(2);
    }

    @Test
    void shouldCompactInsteadOfDeletingOrDoBoth() {
        Map<String, String> common = Map.of("retention.ms", "5", "delete.retention.ms", "6",
                "min.cleanable.dirty.ratio", "0.25", "max.compaction.lag.ms", "8", "segment.ms", "9");
        StaticConfigs node = StaticConfigs.of(Map.of("log.cleaner.min.compaction.lag.ms", "7"));

        LogConfig compact = log(common, "compact", node);
        assertThat(compact.compaction()).isEqualTo(new CompactionPolicy(6, 0.25, 7, 8, 86_400_000));
        assertThat(compact.retentionMs()).isEqualTo(-1);
        assertThat(compact.segmentMs()).as("what is to be compacted must be closed").isEqualTo(8);

        LogConfig both = log(common, "compact,delete", node);
        assertThat(both.compaction()).isEqualTo(compact.compaction());
        assertThat(both.retentionMs()).isEqualTo(5);

        LogConfig delete = log(common, "delete", node);
        assertThat(delete.compaction()).isNull();
        assertThat(delete.segmentMs()).isEqualTo(9);
    }

    private LogConfig log(Map<String, String> common, String policy, StaticConfigs node) {
        Map<String, String> configs = new HashMap<>(common);
        configs.put("cleanup.policy", policy);
        return TopicSettings.of(image(), topic(configs), node).log();
    }

    @Test
    void shouldDescribeATopicWithEveryLevelAsSynonym() {
        cluster = Map.of("log.retention.ms", "3");

        ConfigEntry entry = entry(effective(HOURS).describeTopic(topic(Map.of("retention.ms", "5"))), "retention.ms");

        assertThat(entry.value()).isEqualTo("5");
        assertThat(entry.source()).isEqualTo(ConfigSource.TOPIC_CONFIG);
        assertThat(entry.type()).isEqualTo(ConfigType.LONG);
        assertThat(entry.readOnly()).isFalse();
        assertThat(entry.documentation()).isNotEmpty();
        assertThat(entry.synonyms()).containsExactly(new Synonym("retention.ms", "5", ConfigSource.TOPIC_CONFIG),
                new Synonym("log.retention.ms", "3", ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG),
                new Synonym("log.retention.hours", "2", ConfigSource.STATIC_BROKER_CONFIG),
                new Synonym("log.retention.hours", "168", ConfigSource.DEFAULT_CONFIG));
    }

    @Test
    void shouldDescribeANode() {
        node = Map.of("log.retention.ms", "4", "sluice.node.draining", "true");

        List<ConfigEntry> entries = effective(HOURS).describeNode();

        assertThat(entries).extracting(ConfigEntry::name).containsExactlyElementsOf(BrokerConfigs.names());
        assertThat(entry(entries, "log.retention.ms").value()).isEqualTo("4");
        assertThat(entry(entries, "log.retention.ms").source()).isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG);
        assertThat(entry(entries, "sluice.node.draining").value()).isEqualTo("true");
        assertThat(entry(entries, "sluice.node.draining").readOnly()).isFalse();
        assertThat(entry(entries, "log.retention.hours").value()).isEqualTo("2");
        assertThat(entry(entries, "log.retention.hours").readOnly()).isTrue();
        assertThat(entry(entries, "log.retention.minutes").value()).isNull();
        assertThat(entry(entries, "broker.rack").value()).isNull();
        assertThat(entry(entries, "node.id").value()).isEqualTo("0");
    }

    @Test
    void shouldDescribeOnlyWhatWasSetForAllNodes() {
        cluster = Map.of("log.retention.ms", "3");

        assertThat(effective(HOURS).describeClusterDefaults()).singleElement()
                .satisfies(entry -> assertThat(entry.name()).isEqualTo("log.retention.ms"))
                .satisfies(entry -> assertThat(entry.source()).isEqualTo(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG));
    }

    @Test
    void shouldWorkSettingsOutAgainOnlyWhenTheyChanged() {
        TopicSettingsCache cache = new TopicSettingsCache(HOURS);
        ClusterMetadata before = metadata().withTopic(topic(Map.of()));
        TopicSettings first = settings(cache, before);

        assertThat(settings(cache, before.withNextProducerId(1000))).isSameAs(first);
        ClusterMetadata after = before.withTopic(topic(Map.of("retention.ms", "5")));
        assertThat(settings(cache, after).log().retentionMs()).isEqualTo(5);
        assertThat(settings(cache, before.withNodeConfigs(-1, Map.of("log.retention.ms", "6"))).log().retentionMs())
                .isEqualTo(6);
    }

    private static TopicSettings settings(TopicSettingsCache cache, ClusterMetadata metadata) {
        LiveImage image = LiveImage.of(metadata, 1, "disk", MemberView.NONE);
        return cache.get(image, image.topic("t").orElseThrow());
    }

    private long retention(Map<String, String> topic, StaticConfigs statics) {
        return TopicSettings.of(image(), topic(topic), statics).log().retentionMs();
    }

    private EffectiveConfigs effective(StaticConfigs statics) {
        return EffectiveConfigs.of(image(), 0, statics);
    }

    private LiveImage image() {
        return LiveImage.of(metadata(), 1, "disk", MemberView.NONE);
    }

    private ClusterMetadata metadata() {
        return ClusterMetadata.EMPTY.withNode(new NodeImage(0, "disk", "h", 1, null, "a", false))
                .withNodeConfigs(0, node).withNodeConfigs(-1, cluster);
    }

    private static TopicImage topic(Map<String, String> configs) {
        return new TopicImage(new Uuid(1, 1), "t", List.of(List.of(0)), configs);
    }

    private static ConfigEntry entry(List<ConfigEntry> entries, String name) {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst().orElseThrow();
    }
}
