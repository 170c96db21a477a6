package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.Controller.NewReplicas;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionReassignmentHandlersTest {

    private final FakeController controller = new FakeController();
    private final AlterPartitionReassignmentsHandler alter = new AlterPartitionReassignmentsHandler(controller);
    private final ListPartitionReassignmentsHandler list = new ListPartitionReassignmentsHandler(controller);

    private AlterPartitionReassignmentsResponseData alter(int version, ReassignableTopic... topics) {
        return Exchange.call(alter, version,
                new AlterPartitionReassignmentsRequestData().setTimeoutMs(1000).setTopics(List.of(topics)),
                AlterPartitionReassignmentsResponseData.class);
    }

    private static ReassignableTopic topic(String name, ReassignablePartition... partitions) {
        return new ReassignableTopic().setName(name).setPartitions(List.of(partitions));
    }

    private static ReassignablePartition partition(int index, Integer... replicas) {
        return new ReassignablePartition().setPartitionIndex(index)
                .setReplicas(replicas.length == 0 ? null : List.of(replicas));
    }

    @Test
    void everyVersionIsServed() {
        assertThat(Exchange.versions(alter).boxed()).containsExactly(0, 1);
        assertThat(Exchange.versions(list).boxed()).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void partitionsMoveOneByOne(int version) {
        controller.refusals.put("b-1", Errors.NO_REASSIGNMENT_IN_PROGRESS);

        var response = alter(version, topic("a", partition(0, 1, 2)), topic("b", partition(1), partition(0, 2, 0)));

        assertThat(controller.moved).containsExactly(new NewReplicas("a", 0, List.of(1, 2)),
                new NewReplicas("b", 1, null), new NewReplicas("b", 0, List.of(2, 0)));
        assertThat(response.errorCode()).isZero();
        assertThat(response.responses().getFirst().partitions()).extracting(ReassignablePartitionResponse::errorCode)
                .containsExactly((short) 0);
        assertThat(response.responses().getLast().partitions()).extracting(ReassignablePartitionResponse::errorCode)
                .containsExactly(Errors.NO_REASSIGNMENT_IN_PROGRESS.code(), (short) 0);
        assertThat(response.responses().getLast().partitions().getFirst().errorMessage()).isEqualTo("refused: b-1");
    }

    @Test
    void aPartitionNamedTwiceDoesNotMove() {
        var response = alter(1, topic("a", partition(0, 1), partition(0, 2), partition(1, 1)));

        assertThat(response.responses().getFirst().partitions()).extracting(ReassignablePartitionResponse::errorCode)
                .containsExactly(Errors.INVALID_REQUEST.code(), Errors.INVALID_REQUEST.code(), (short) 0);
        assertThat(controller.moved).containsExactly(new NewReplicas("a", 1, List.of(1)));
    }

    @Test
    void withoutTimeNothingIsDone() {
        var request = new AlterPartitionReassignmentsRequestData().setTimeoutMs(0)
                .setTopics(List.of(topic("a", partition(0, 1))));

        var response = Exchange.call(alter, 1, request, AlterPartitionReassignmentsResponseData.class);

        assertThat(response.responses().getFirst().partitions().getFirst().errorCode())
                .isEqualTo(Errors.REQUEST_TIMED_OUT.code());
        assertThat(controller.moved).isEmpty();
    }

    @Test
    void aFailureIsTheAnswerForEachPartition() {
        controller.failure = new NotControllerException("there is none now");

        assertThat(alter(1, topic("a", partition(0, 1))).responses().getFirst().partitions().getFirst().errorCode())
                .isEqualTo(Errors.NOT_CONTROLLER.code());
    }

    private List<OngoingTopicReassignment> list(List<ListPartitionReassignmentsTopics> topics) {
        return Exchange.call(list, 0, new ListPartitionReassignmentsRequestData().setTopics(topics),
                ListPartitionReassignmentsResponseData.class).topics();
    }

    @Test
    void onlyWhatIsMovedIsListed() {
        controller.image.topic("still", 2);
        controller.image.topic("t", List.of(List.of(0, 1), List.of(0, 1), List.of(1)), Map.of());
        controller.image.move("t", 1, 2, 0);

        assertThat(list(null)).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo("t");
            assertThat(topic.partitions()).singleElement().satisfies(partition -> {
                assertThat(partition.partitionIndex()).isEqualTo(1);
                assertThat(partition.replicas()).containsExactly(2, 0, 1);
                assertThat(partition.addingReplicas()).containsExactly(2);
                assertThat(partition.removingReplicas()).containsExactly(1);
            });
        });
        assertThat(list(List.of(asked("t", 0, 1, 1, 9), asked("none", 0))))
                .singleElement().satisfies(topic -> assertThat(topic.partitions()).hasSize(1));
        assertThat(list(List.of(asked("t", 0), asked("still", 0)))).isEmpty();
        assertThat(list(List.of())).isEmpty();
    }

    private static ListPartitionReassignmentsTopics asked(String name, Integer... partitions) {
        return new ListPartitionReassignmentsTopics().setName(name).setPartitionIndexes(List.of(partitions));
    }
}
