package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElectLeadersHandlerTest {

    private final FakeController controller = new FakeController();
    private final ElectLeadersHandler handler = new ElectLeadersHandler(controller);

    @BeforeEach
    void createTopic() {
        controller.image.node(1, false);
        controller.image.topic("t", List.of(List.of(0, 1), List.of(1, 0), List.of(1)), Map.of());
    }

    private ElectLeadersResponseData call(int version, byte type, TopicPartitionsCollection asked) {
        return Exchange.call(handler, version,
                new ElectLeadersRequestData().setElectionType(type).setTopicPartitions(asked).setTimeoutMs(1000),
                ElectLeadersResponseData.class);
    }

    private List<String> outcomes(int version, ElectionType type, TopicPartitionsCollection asked) {
        List<String> outcomes = new ArrayList<>();
        call(version, type.value, asked).replicaElectionResults().forEach(topic -> topic.partitionResult()
                .forEach(partition -> outcomes.add(topic.topic() + "-" + partition.partitionId() + " "
                        + Errors.forCode(partition.errorCode()))));
        return outcomes;
    }

    private static TopicPartitionsCollection asked(String topic, Integer... partitions) {
        var asked = new TopicPartitionsCollection();
        asked.add(new TopicPartitions().setTopic(topic).setPartitions(List.of(partitions)));
        return asked;
    }

    @Test
    void everyVersionIsServed() {
        assertThat(Exchange.versions(handler).boxed()).containsExactly(0, 1, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void thePreferredLeaderLeadsOrIsNotThere(int version) {
        assertThat(outcomes(version, ElectionType.PREFERRED, asked("t", 0, 1, 7))).containsExactly(
                "t-0 ELECTION_NOT_NEEDED", "t-1 PREFERRED_LEADER_NOT_AVAILABLE", "t-7 UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(outcomes(version, ElectionType.PREFERRED, asked("none", 0)))
                .containsExactly("none-0 UNKNOWN_TOPIC_OR_PARTITION");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anUncleanLeaderIsNotPossible(int version) {
        assertThat(outcomes(version, ElectionType.UNCLEAN, asked("t", 0, 1, 2))).containsExactly(
                "t-0 ELECTION_NOT_NEEDED", "t-1 ELECTION_NOT_NEEDED", "t-2 ELIGIBLE_LEADERS_NOT_AVAILABLE");
    }

    @Test
    void whoAsksForAllIsToldWhatIsNotAsWanted() {
        assertThat(outcomes(2, ElectionType.PREFERRED, null)).containsExactly(
                "t-1 PREFERRED_LEADER_NOT_AVAILABLE", "t-2 PREFERRED_LEADER_NOT_AVAILABLE");
    }

    @Test
    void anUnknownKindOfElectionIsRefused() {
        assertThat(call(2, (byte) 9, null).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }
}
