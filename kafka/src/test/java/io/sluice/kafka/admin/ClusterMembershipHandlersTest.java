package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.MetadataQuorum;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterMembershipHandlersTest {

    private final FakeController controller = new FakeController();
    private final DescribeQuorumHandler quorum = new DescribeQuorumHandler(controller);
    private final UnregisterBrokerHandler unregister = new UnregisterBrokerHandler(controller);

    private DescribeQuorumResponseData.PartitionData quorum(int version, String topic, int partition) {
        var request = new DescribeQuorumRequestData()
                .setTopics(List.of(new DescribeQuorumRequestData.TopicData().setTopicName(topic).setPartitions(
                        List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(partition)))));
        return Exchange.call(quorum, version, request, DescribeQuorumResponseData.class).topics().getFirst()
                .partitions().getFirst();
    }

    private UnregisterBrokerResponseData unregister(int id) {
        return Exchange.call(unregister, 0, new UnregisterBrokerRequestData().setBrokerId(id),
                UnregisterBrokerResponseData.class);
    }

    @Test
    void everyVersionIsServed() {
        assertThat(Exchange.versions(quorum).boxed()).containsExactly(0, 1, 2);
        assertThat(Exchange.versions(unregister).boxed()).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theHoldersOfTheMetadataVoteAndOthersObserve(int version) {
        controller.image.node(1, true).node(2, true).node(3, false);
        controller.quorum = new MetadataQuorum(2, 7, 41,
                List.of(new MetadataQuorum.Voter(2, "disk2", 43), new MetadataQuorum.Voter(0, "disk0", -1)));

        var partition = quorum(version, "__cluster_metadata", 0);

        assertThat(partition.errorCode()).isZero();
        assertThat(partition.leaderId()).isEqualTo(2);
        assertThat(partition.leaderEpoch()).isEqualTo(7);
        assertThat(partition.highWatermark()).isEqualTo(41);
        assertThat(partition.currentVoters()).extracting(ReplicaState::replicaId).containsExactly(2, 0);
        assertThat(partition.currentVoters()).extracting(ReplicaState::logEndOffset).containsExactly(43L, -1L);
        assertThat(partition.observers()).extracting(ReplicaState::replicaId).containsExactly(1);
    }

    @Test
    void aControllerThatDoesNotAnswerIsATimeout() {
        controller.failure = new IllegalStateException("no answer");

        assertThat(quorum(2, "__cluster_metadata", 0).errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
    }

    @Test
    void thereIsOneLogOfMetadata() {
        assertThat(quorum(2, "__cluster_metadata", 1).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(quorum(2, "t", 0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void aNodeIsTakenOutOrStays() {
        assertThat(unregister(3).errorCode()).isZero();

        controller.refusals.put("3", Errors.INVALID_REQUEST);
        assertThat(unregister(3)).satisfies(refused -> {
            assertThat(refused.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
            assertThat(refused.errorMessage()).isEqualTo("refused: 3");
        });

        controller.failure = new TimeoutException("too slow");
        assertThat(unregister(3).errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
    }
}
