package io.sluice.actors.controller;

import static org.apache.kafka.common.config.ConfigResource.Type.BROKER;
import static org.apache.kafka.common.config.ConfigResource.Type.GROUP;
import static org.apache.kafka.common.config.ConfigResource.Type.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.ControllerRequest.ConfigChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigDecisionsTest {

    private final ControllerDriver controller = ControllerDriver.withNodes(1);

    @BeforeEach
    void createTopic() {
        controller.create("t", 1, 1, Map.of("retention.ms", "1000"));
    }

    @Test
    void shouldKeepOtherSettingsOfATopicWhenItChangesSome() {
        controller.alter(TOPIC, "t", "segment.bytes", "1048576", false);

        assertThat(controller.topic("t").configs())
                .isEqualTo(Map.of("retention.ms", "1000", "segment.bytes", "1048576"));
    }

    @Test
    void shouldRemoveOtherSettingsWhenItReplacesAll() {
        controller.alter(TOPIC, "t", "segment.bytes", "1048576", true);

        assertThat(controller.topic("t").configs()).isEqualTo(Map.of("segment.bytes", "1048576"));
    }

    @Test
    void shouldRemoveASettingByNull() {
        controller.alter(TOPIC, "t", "retention.ms", null, false);

        assertThat(controller.topic("t").configs()).isEmpty();
    }

    @Test
    void shouldTakeTheRemovalOfWhatNeverWasSet() {
        assertThat(controller.alter(BROKER, "0", "leader.replication.throttled.rate", null, false).errors())
                .isEqualTo(Errors.NONE);
        assertThat(controller.alter(TOPIC, "t", "leader.replication.throttled.replicas", null, false).errors())
                .isEqualTo(Errors.NONE);
        assertThat(controller.alter(BROKER, "0", "leader.replication.throttled.rate", "1", false).errors())
                .isEqualTo(Errors.INVALID_CONFIG);
    }

    @Test
    void shouldStoreNothingWhenNothingChanges() {
        int before = controller.events.size();

        assertThat(controller.alter(TOPIC, "t", "retention.ms", "1000", false).errors()).isEqualTo(Errors.NONE);
        assertThat(controller.events).hasSize(before);
    }

    @Test
    void shouldChangeAResourceAsAWholeOrNotAtAll() {
        Map<String, String> values = new HashMap<>(Map.of("retention.ms", "5", "segment.bytes", "nonsense"));

        var item = controller.one(new ControllerRequest.AlterConfigs(
                List.of(new ConfigChange(TOPIC.id(), "t", values)), false, false));

        assertThat(item.errors()).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(item.message()).contains("segment.bytes", "nonsense");
        assertThat(controller.topic("t").configs()).isEqualTo(Map.of("retention.ms", "1000"));
    }

    @Test
    void shouldSetNodesAndTheClusterApart() {
        controller.alter(BROKER, "0", "log.retention.ms", "1", false);
        controller.alter(BROKER, "", "log.retention.ms", "2", false);

        assertThat(controller.metadata().configsOf(0)).isEqualTo(Map.of("log.retention.ms", "1"));
        assertThat(controller.metadata().configsOf(-1)).isEqualTo(Map.of("log.retention.ms", "2"));
        controller.alter(BROKER, "0", null, null, true);
        assertThat(controller.metadata().configsOf(0)).isEmpty();
    }

    @Test
    void shouldRefuseWhatCannotChange() {
        assertThat(controller.alter(TOPIC, "none", "retention.ms", "1", false).errors())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(controller.alter(BROKER, "7", "log.retention.ms", "1", false).errors())
                .isEqualTo(Errors.BROKER_ID_NOT_REGISTERED);
        assertThat(controller.alter(BROKER, "x", "log.retention.ms", "1", false).errors())
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(controller.alter(BROKER, "0", "num.partitions", "1", false).errors())
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(controller.alter(BROKER, "", "sluice.node.draining", "true", false).errors())
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(controller.alter(BROKER, "0", "num.io.threads", "1", false).errors())
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(controller.alter(TOPIC, "t", "no.such", null, false).errors()).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(controller.alter(ConfigResource.Type.BROKER_LOGGER, "0", "a", "b", false).errors())
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void shouldChangeNothingWhenItOnlyValidates() {
        controller.one(new ControllerRequest.AlterConfigs(
                List.of(new ConfigChange(TOPIC.id(), "t", Map.of("retention.ms", "5"))), false, true));

        assertThat(controller.topic("t").configs()).isEqualTo(Map.of("retention.ms", "1000"));
    }

    @Test
    void shouldChangeTheSettingsOfAGroupThatNeedNotExist() {
        assertThat(controller.alter(GROUP, "g", "consumer.session.timeout.ms", "50000", false).errors())
                .isEqualTo(Errors.NONE);
        controller.alter(GROUP, "g", "consumer.heartbeat.interval.ms", "4000", false);
        assertThat(controller.metadata().configsOf("g")).isEqualTo(
                Map.of("consumer.session.timeout.ms", "50000", "consumer.heartbeat.interval.ms", "4000"));
        controller.alter(GROUP, "g", "consumer.session.timeout.ms", null, false);
        controller.alter(GROUP, "g", "consumer.heartbeat.interval.ms", null, false);

        assertThat(controller.metadata().groupConfigs()).isEmpty();
    }

    @Test
    void shouldRefuseSettingsThatAGroupCannotHave() {
        assertThat(controller.alter(GROUP, "g", "session.timeout.ms", "1", false).errors())
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(controller.alter(GROUP, "g", "consumer.session.timeout.ms", "0", false).errors())
                .isEqualTo(Errors.INVALID_CONFIG);
        controller.alter(GROUP, "g", "consumer.heartbeat.interval.ms", "4000", false);
        assertThat(controller.alter(GROUP, "g", "consumer.session.timeout.ms", "4000", false).errors())
                .as("not longer than the interval").isEqualTo(Errors.INVALID_CONFIG);
        assertThat(controller.alter(GROUP, "", "consumer.session.timeout.ms", "50000", false).errors())
                .isEqualTo(Errors.INVALID_REQUEST);
    }
}
