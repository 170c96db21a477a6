package io.sluice.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.config.BrokerConfigs;
import io.sluice.actors.controller.Controller.NewReplicas;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.TopicImage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class ClusterBalanceTest {

    private static final Duration SETTLE = Duration.ofSeconds(10);
    private static final Duration REBUILD = Duration.ofMinutes(30);

    private final ControllerDriver controller = ControllerDriver.withNodes(3);
    private long now;

    private static ClusterBalance balance(boolean automatic) {
        return new ClusterBalance(new BalanceSettings(automatic, SETTLE, REBUILD, 4, 3));
    }

    private List<NewReplicas> look(ClusterBalance balance, Duration later) {
        now += later.toNanos();
        return balance.next(controller.metadata(), controller.alive, now);
    }

    /** Begins the moves, brings them to their end, and looks on until nothing is left; returns how many there were. */
    private int settle(ClusterBalance balance) {
        int moved = 0;
        List<NewReplicas> moves = look(balance, Duration.ofSeconds(1));
        while (!moves.isEmpty()) {
            moved += moves.size();
            assertThat(moves).hasSizeLessThanOrEqualTo(4);
            controller.all(new ControllerRequest.AlterReassignments(moves, true));
            for (NewReplicas move : moves) {
                TopicImage topic = controller.metadata().topic(move.topic()).orElseThrow();
                if (topic.configuration(move.partition()).isReassigning()) {
                    controller.one(new ControllerRequest.SetReplicas(topic.id().toString(), move.partition(),
                            topic.configuration(move.partition()).version() + 1, move.replicas()));
                }
            }
            moves = look(balance, Duration.ofSeconds(1));
        }
        return moved;
    }

    private Set<Integer> holders() {
        Set<Integer> holders = new HashSet<>();
        controller.metadata().allReplicas().forEach(holders::addAll);
        return holders;
    }

    private long held(int node) {
        ClusterMetadata metadata = controller.metadata();
        return metadata.allReplicas().stream().filter(list -> list.contains(node)).count();
    }

    @Test
    void shouldGiveANodeThatJoinedItsShareOnceItHasSettled() {
        controller.create("t", 12, 2, Map.of());
        ClusterBalance balance = balance(true);
        look(balance, SETTLE);
        assertThat(look(balance, SETTLE)).isEmpty();

        controller.register("disk-3", -1, ControllerDriver.address(3));
        assertThat(look(balance, Duration.ofSeconds(1))).isEmpty();
        now += SETTLE.toNanos();
        int moved = settle(balance);

        assertThat(held(3)).isBetween(5L, 6L);
        assertThat(moved).isLessThan(20);
    }

    @Test
    void shouldEmptyANodeThatIsDrained() {
        controller.create("t", 9, 2, Map.of());
        ClusterBalance balance = balance(true);
        look(balance, SETTLE);
        now += SETTLE.toNanos();
        controller.alter(ConfigResource.Type.BROKER, "1", BrokerConfigs.NODE_DRAINING, "true", false);
        settle(balance);

        assertThat(holders()).containsExactlyInAnyOrder(0, 2);
    }

    @Test
    void shouldReplaceADeadNodeOnlyAfterAWhile() {
        controller.create("t", 6, 2, Map.of());
        ClusterBalance balance = balance(true);
        look(balance, SETTLE);
        look(balance, SETTLE);
        controller.alive.remove(ControllerDriver.address(2));
        assertThat(look(balance, Duration.ofSeconds(1))).isEmpty();
        assertThat(look(balance, REBUILD.minusSeconds(2))).isEmpty();

        now += TimeUnit.SECONDS.toNanos(3);
        settle(balance);

        assertThat(holders()).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void shouldMoveNothingByItselfIfTold() {
        controller.create("t", 6, 2, Map.of());
        ClusterBalance balance = balance(false);
        controller.register("disk-3", -1, ControllerDriver.address(3));
        look(balance, SETTLE);

        assertThat(look(balance, SETTLE.plusSeconds(1))).isEmpty();

        controller.alter(ConfigResource.Type.BROKER, "1", BrokerConfigs.NODE_DRAINING, "true", false);
        settle(balance);
        assertThat(holders()).as("a drain was asked for").doesNotContain(1);
    }

    @Test
    void shouldGiveTheOffsetsTopicTheReplicasThatThereWereNoNodesFor() {
        controller.one(new ControllerRequest.CreateInternalTopic(
                new Controller.NewTopic("__consumer_offsets", 3, (short) 1, null, Map.of())));
        ClusterBalance balance = balance(true);
        look(balance, SETTLE);
        now += SETTLE.toNanos();
        settle(balance);

        assertThat(controller.metadata().topic("__consumer_offsets").orElseThrow().replicas())
                .allMatch(list -> list.size() == 3);
    }
}
