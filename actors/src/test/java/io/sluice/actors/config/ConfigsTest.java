package io.sluice.actors.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigsTest {

    @ParameterizedTest
    @CsvSource({"retention.ms,-1", "retention.ms,0", "retention.bytes,-1", "segment.bytes,1048576", "segment.ms,1",
            "max.message.bytes,0", "message.timestamp.type,LogAppendTime", "message.timestamp.before.max.ms,0",
            "compression.type,producer", "cleanup.policy,delete", "cleanup.policy,compact",
            "cleanup.policy,'compact,delete'", "delete.retention.ms,0", "min.cleanable.dirty.ratio,0.01",
            "min.compaction.lag.ms,0", "max.compaction.lag.ms,1", "min.insync.replicas,3", "flush.mode,os"})
    void shouldAcceptTopicSettings(String name, String value) {
        assertThatCode(() -> TopicConfigs.validate(Map.of(name, value))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"retention.ms,-2", "retention.ms,1.5", "retention.ms,''", "retention.bytes,-2", "segment.bytes,1048575",
            "segment.bytes,2147483648", "segment.ms,0", "max.message.bytes,-1", "message.timestamp.type,createtime",
            "message.timestamp.after.max.ms,-1", "compression.type,lz4", "cleanup.policy,shred",
            "cleanup.policy,'compact,compact'", "min.cleanable.dirty.ratio,1.1", "max.compaction.lag.ms,0",
            "delete.retention.ms,-1", "cleanup.policy,''", "min.insync.replicas,0", "flush.mode,OS",
            "unclean.leader.election.enable,true", "index.interval.bytes,4096", "no.such,1", "log.retention.ms,1"})
    void shouldRefuseTopicSettingsInOneLineThatNamesThem(String name, String value) {
        assertThatThrownBy(() -> TopicConfigs.validate(Map.of(name, value)))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageContaining(name)
                .message().doesNotContain("\n");
    }

    @Test
    void shouldTellASettingOfKafkasFromAMisspeltOne() {
        assertThatThrownBy(() -> StaticConfigs.of(Map.of("num.io.threads", "8")))
                .hasMessageContaining("num.io.threads of Kafka is not possible here: ");
        assertThatThrownBy(() -> StaticConfigs.of(Map.of("num.partition", "8")))
                .hasMessageContaining("unknown setting num.partition; a node has ");
        assertThatThrownBy(() -> StaticConfigs.of(Map.of("retention.ms", "8")))
                .hasMessageContaining("a node has log.retention.ms");
    }

    @Test
    void shouldGiveNoReasonAgainstASettingThatActs() {
        assertThat(BrokerConfigs.names()).allSatisfy(name -> assertThat(KafkaNames.reason(name)).isNull());
        assertThat(TopicConfigs.names()).allSatisfy(name -> assertThat(KafkaNames.reason(name)).isNull());
    }

    @Test
    void shouldKeepANodesOwnValuesForGroupsWithinItsLimits() {
        assertThatThrownBy(() -> StaticConfigs.of(Map.of("group.consumer.session.timeout.ms", "2000"))).hasMessage(
                "group.consumer.session.timeout.ms is 2000, must be at least group.consumer.min.session.timeout.ms, which is 45000");
        assertThatThrownBy(() -> StaticConfigs.of(Map.of("group.consumer.max.heartbeat.interval.ms", "4000",
                "group.consumer.min.heartbeat.interval.ms", "1000")))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageContaining(
                        "group.consumer.heartbeat.interval.ms is 5000, must be at most group.consumer.max");
        assertThat(StaticConfigs.of(Map.of("group.consumer.session.timeout.ms", "2000",
                "group.consumer.min.session.timeout.ms", "2000")).groupSettings().consumer().sessionTimeout())
                .hasMillis(2000);
    }

    @Test
    void shouldTellThatANodesLimitsExcludeEachOtherBeforeItTellsOfValues() {
        assertThatThrownBy(() -> StaticConfigs.of(Map.of("group.consumer.min.session.timeout.ms", "60000",
                "group.consumer.max.session.timeout.ms", "50000"))).hasMessage(
                        "group.consumer.min.session.timeout.ms is 60000, must be at most group.consumer.max.session.timeout.ms, which is 50000");
        assertThatThrownBy(() -> StaticConfigs.of(Map.of("group.consumer.min.heartbeat.interval.ms", "15001")))
                .hasMessageStartingWith("group.consumer.min.heartbeat.interval.ms is 15001, must be at most");
    }

    @Test
    void shouldRefuseTwoDifferentIds() {
        assertThatThrownBy(() -> StaticConfigs.of(Map.of("node.id", "1", "broker.id", "2")))
                .hasMessage("node.id is 1 but broker.id is 2; set one of them");
        assertThat(StaticConfigs.of(Map.of("broker.id", "2")).settings().nodeId()).isEqualTo(2);
    }

    @Test
    void shouldHaveKafkasDefaults() {
        NodeSettings settings = StaticConfigs.NONE.settings();

        assertThat(settings.numPartitions()).isOne();
        assertThat(settings.autoCreateTopics()).isTrue();
        assertThat(settings.socketRequestMaxBytes()).isEqualTo(100 << 20);
        assertThat(settings.nodeId()).isEqualTo(-1);
        assertThat(StaticConfigs.NONE.groupSettings()).isEqualTo(GroupSettings.DEFAULT);
    }

    @Test
    void shouldChangeOnlyDefaultsOfTopicsWhileItRuns() {
        assertThatCode(() -> BrokerConfigs.validateDynamic(Map.of("log.retention.ms", "5")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> BrokerConfigs.validateDynamic(Map.of("num.partitions", "5")))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("num.partitions");
        assertThatThrownBy(() -> BrokerConfigs.validateDynamic(Map.of("log.retention.hours", "5")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void shouldDrainANodeOnlyWhileItRuns() {
        assertThatCode(() -> BrokerConfigs.validateDynamic(Map.of("sluice.node.draining", "true")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> BrokerConfigs.validateDynamic(Map.of("sluice.node.draining", "perhaps")))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> StaticConfigs.of(Map.of("sluice.node.draining", "true")))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageContaining("sluice cluster drain");
        assertThat(BrokerConfigs.isDraining(Map.of("sluice.node.draining", "TRUE"))).isTrue();
        assertThat(BrokerConfigs.isDraining(Map.of("sluice.node.draining", "false"))).isFalse();
        assertThat(BrokerConfigs.isDraining(Map.of())).isFalse();
    }
}
