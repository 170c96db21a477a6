package io.sluice.actors.controller;

import static io.sluice.actors.controller.ControllerDriver.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.ControllerAnswer.Item;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class NodeDecisionsTest {

    private final ControllerDriver controller = new ControllerDriver();

    @Test
    void shouldMakeTheClusterOnceAndNumberNodesFromZero() {
        assertThat(controller.register("a", -1, address(0)).number()).isZero();
        String clusterId = controller.metadata().clusterId();
        assertThat(controller.register("b", -1, address(1)).number()).isEqualTo(1);

        assertThat(Uuid.fromString(clusterId)).isNotNull();
        assertThat(controller.metadata().clusterId()).isEqualTo(clusterId);
    }

    @Test
    void shouldGiveTheWantedIdAndElseTheLowestFreeOne() {
        assertThat(controller.register("a", 1, address(0)).number()).isEqualTo(1);
        assertThat(controller.register("b", -1, address(1)).number()).isZero();
        assertThat(controller.register("c", -1, address(2)).number()).isEqualTo(2);
    }

    @Test
    void shouldGiveADiskItsIdAgainUnderAnotherAddress() {
        controller.register("a", 5, address(0));
        controller.alive.clear();

        assertThat(controller.register("a", -1, address(9)).number()).isEqualTo(5);
        assertThat(controller.metadata().nodes().get(5).address()).isEqualTo(address(9));
    }

    /** A wiped node comes back at its address with another disk: its old self must not seem alive. */
    @Test
    void shouldNotTakeANodeForAnotherOneAtItsAddress() {
        controller.register("a", -1, address(0));

        assertThat(controller.register("b", -1, address(0)).number()).isEqualTo(1);
        assertThat(controller.metadata().nodes().get(0).address()).isEmpty();
        assertThat(controller.metadata().nodes().get(1).address()).isEqualTo(address(0));
    }

    @Test
    void shouldStoreNothingWhenANodeRegistersAgainUnchanged() {
        controller.register("a", -1, address(0));
        int before = controller.events.size();

        assertThat(controller.register("a", 0, address(0)).number()).isZero();
        assertThat(controller.events).hasSize(before);
    }

    @Test
    void shouldRefuseALiveTwin() {
        controller.register("a", -1, address(0));

        Item twin = controller.register("a", -1, address(1));

        assertThat(twin.errors()).isEqualTo(Errors.DUPLICATE_BROKER_REGISTRATION);
        assertThat(twin.message()).contains("already runs at " + address(0)).doesNotContain("\n");
    }

    @Test
    void shouldRefuseAnIdThatBelongsToAnotherDisk() {
        controller.register("a", 3, address(0));
        controller.alive.clear();

        Item taken = controller.register("b", 3, address(1));
        assertThat(taken.errors()).isEqualTo(Errors.DUPLICATE_RESOURCE);
        assertThat(taken.message()).contains("node.id=3", "another data directory");
        assertThat(controller.register("a", 4, address(0)).message()).contains("belongs to node 3");
        assertThat(controller.metadata().nodes()).containsOnlyKeys(3);
    }

    @Test
    void shouldRefuseANodeOfAnotherCluster() {
        controller.register("a", -1, address(0));
        String clusterId = controller.metadata().clusterId();

        Item foreign = controller.register("b", "other", -1, address(1));

        assertThat(foreign.errors()).isEqualTo(Errors.INCONSISTENT_CLUSTER_ID);
        assertThat(foreign.message()).contains("other", clusterId).doesNotContain("\n");
        assertThat(controller.register("a", clusterId, -1, address(0)).number()).isZero();
    }

    @Test
    void shouldNotMakeASecondClusterForANodeThatRemembersOne() {
        Item early = controller.register("a", "known", -1, address(0));

        assertThat(early.errors()).as("the node asks again").isEqualTo(Errors.NOT_CONTROLLER);
        assertThat(controller.metadata().clusterId()).isNull();
        assertThat(controller.events).isEmpty();
    }

    @Test
    void shouldRefuseToReserveNoProducerIdsOrMoreThanThereAre() {
        assertThat(controller.one(new ControllerRequest.ReserveProducerIds(0, 0)).errors())
                .isEqualTo(Errors.INVALID_REQUEST);
        controller.state = controller.state.apply(new ControllerEvent.ProducerIdsReserved(0, Long.MAX_VALUE - 5, 0));
        assertThat(controller.one(new ControllerRequest.ReserveProducerIds(0, 1000)).errors())
                .isEqualTo(Errors.INVALID_REQUEST);
    }
}
