package io.sluice.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.Controller.NewReplicas;
import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.image.PartitionConfiguration;
import io.sluice.actors.image.TopicImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReassignmentDecisionsTest {

    private final ControllerDriver controller = ControllerDriver.withNodes(4);
    private TopicImage created;

    @BeforeEach
    void createATopicOnThreeNodes() {
        controller.one(new ControllerRequest.CreateTopics(
                List.of(new Controller.NewTopic("t", -1, (short) -1, List.of(List.of(0, 1, 2)), Map.of())), false));
        created = topic();
    }

    private TopicImage topic() {
        return controller.metadata().topic("t").orElseThrow();
    }

    private Item move(List<Integer> replicas) {
        return controller.one(
                new ControllerRequest.AlterReassignments(List.of(new NewReplicas("t", 0, replicas)), true));
    }

    private Item set(int version, List<Integer> replicas) {
        return controller.one(new ControllerRequest.SetReplicas(created.id().toString(), 0, version, replicas));
    }

    @Test
    void shouldKeepTheReplicasUntilTheLeaderHasOthersPutInForce() {
        assertThat(move(List.of(3, 1, 2)).errors()).isEqualTo(Errors.NONE);

        assertThat(topic().replicas()).containsExactly(List.of(0, 1, 2));
        assertThat(topic().configuration(0)).isEqualTo(new PartitionConfiguration(0, List.of(3, 1, 2)));
        assertThat(topic().replicasAndTarget(0)).containsExactly(0, 1, 2, 3);

        assertThat(set(1, List.of(1, 2, 3)).errors()).isEqualTo(Errors.NONE);

        assertThat(topic().replicas()).as("in the order that was asked for").containsExactly(List.of(3, 1, 2));
        assertThat(topic().configuration(0)).isEqualTo(new PartitionConfiguration(1, List.of()));
    }

    @Test
    void shouldSetReplicasOnlyAfterTheVersionBefore() {
        set(1, List.of(0, 1, 3));
        set(1, List.of(0, 1, 2));
        set(3, List.of(0, 2, 3));

        assertThat(topic().replicas()).containsExactly(List.of(0, 1, 3));
        assertThat(topic().configuration(0).version()).isEqualTo(1);
    }

    @Test
    void shouldOnlyReorderIfNoReplicaComesOrGoes() {
        move(List.of(2, 0, 1));

        assertThat(topic().replicas()).containsExactly(List.of(2, 0, 1));
        assertThat(topic().configurations()).isEmpty();
    }

    @Test
    void shouldEndAMove() {
        move(List.of(3, 1, 2));
        assertThat(move(null).errors()).isEqualTo(Errors.NONE);

        assertThat(topic()).isEqualTo(created);
        assertThat(move(null).errors()).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS);
    }

    @Test
    void shouldKeepTheGoalWhenTheLeaderEndsAMoveThatSomebodyElseBegan() {
        move(List.of(3, 1, 2));
        set(1, List.of(0, 1, 2));

        assertThat(topic().replicas()).containsExactly(List.of(0, 1, 2));
        assertThat(topic().configuration(0)).isEqualTo(new PartitionConfiguration(1, List.of(3, 1, 2)));
    }

    @Test
    void shouldRefuseReplicasThatCannotBe() {
        assertThat(move(List.of()).errors()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(move(List.of(1, 1)).errors()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(move(List.of(1, 9)).errors()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(controller.one(new ControllerRequest.AlterReassignments(
                List.of(new NewReplicas("t", 0, List.of(0))), false)).errors())
                .isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(controller.one(new ControllerRequest.AlterReassignments(
                List.of(new NewReplicas("t", 1, List.of(0))), false)).errors())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldUnregisterANodeOnlyWhenNothingCountsOnIt() {
        assertThat(controller.one(new ControllerRequest.UnregisterNode(9)).errors())
                .isEqualTo(Errors.BROKER_ID_NOT_REGISTERED);
        assertThat(controller.one(new ControllerRequest.UnregisterNode(3)).errors()).as("alive")
                .isEqualTo(Errors.INVALID_REQUEST);
        controller.alive.clear();
        assertThat(controller.one(new ControllerRequest.UnregisterNode(2)).message()).contains("1 partition");
        assertThat(controller.one(new ControllerRequest.UnregisterNode(3)).errors()).isEqualTo(Errors.NONE);

        assertThat(controller.metadata().nodes()).containsOnlyKeys(0, 1, 2);
    }

    @Test
    void shouldComeThroughASnapshot() {
        set(1, List.of(0, 1, 3));
        move(List.of(2, 1, 3));

        assertThat(ControllerSnapshot.of(controller.metadata()).toMetadata()).isEqualTo(controller.metadata());
    }
}
