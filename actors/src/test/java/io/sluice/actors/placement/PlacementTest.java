package io.sluice.actors.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementTest {

    @Test
    void theFirstEligibleNodeLeads() {
        assertThat(Placement.leaderFor(List.of(3, 1, 2), Set.of(1, 2, 3)::contains)).isEqualTo(3);
        assertThat(Placement.leaderFor(List.of(3, 1, 2), Set.of(1, 2)::contains)).isEqualTo(1);
        assertThat(Placement.leaderFor(List.of(3, 1, 2), id -> false)).isEqualTo(Placement.NO_LEADER);
    }

    @Test
    void aShardIdIsTheReplicaListInOrder() {
        assertThat(Placement.shardId(List.of(3, 1, 12))).isEqualTo("3-1-12");
        assertThat(Placement.replicasOf("3-1-12")).containsExactly(3, 1, 12);
        assertThatThrownBy(() -> Placement.replicasOf("x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Placement.shardId(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
