package io.sluice.actors.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.actors.placement.ReplicaAssignment.Candidate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReplicaAssignmentTest {

    @Property(tries = 300)
    void spreadsLeadersAndReplicasEvenly(@ForAll @IntRange(min = 1, max = 9) int nodes,
            @ForAll @IntRange(min = 0, max = 60) int partitions, @ForAll @IntRange(min = 1, max = 4) int factor) {
        int replicationFactor = Math.min(factor, nodes);

        List<List<Integer>> lists = assign(partitions, replicationFactor, withoutRacks(nodes));

        assertThat(lists).hasSize(partitions).allSatisfy(list -> {
            assertThat(list).hasSize(replicationFactor).doesNotHaveDuplicates();
            assertThat(list).allMatch(id -> id >= 0 && id < nodes);
        });
        ReplicaLoad load = ReplicaLoad.of(lists);
        assertThat(spread(load.leaders(), nodes)).isLessThanOrEqualTo(1);
        assertThat(spread(load.replicas(), nodes)).isLessThanOrEqualTo(1);
    }

    @Property(tries = 200)
    void usesAsManyRacksAsThereAre(@ForAll @IntRange(min = 1, max = 4) int racks,
            @ForAll @IntRange(min = 1, max = 3) int perRack, @ForAll @IntRange(min = 1, max = 4) int factor) {
        List<Candidate> nodes = IntStream.range(0, racks * perRack).mapToObj(i -> new Candidate(i, "rack" + i % racks))
                .toList();
        int replicationFactor = Math.min(factor, nodes.size());

        for (List<Integer> list : assign(24, replicationFactor, nodes)) {
            assertThat(list.stream().map(id -> id % racks).distinct().count())
                    .isEqualTo(Math.min(racks, replicationFactor));
        }
    }

    @Test
    void keepsTheNumberOfDifferentListsNearTheNumberOfNodes() {
        assertThat(new HashSet<>(assign(500, 3, withoutRacks(5)))).hasSize(5);
    }

    @Test
    void givesALonelyPartitionToTheNodeThatCarriesLeast() {
        ReplicaLoad load = ReplicaLoad.of(List.of(List.of(0, 1), List.of(2, 0)));

        List<List<Integer>> lists = ReplicaAssignment.assign(1, 2, withoutRacks(4), List.of(), load);

        assertThat(lists).containsExactly(List.of(3, 1));
    }

    @Test
    void growsATopicWhereItHasLeast() {
        List<List<Integer>> existing = List.of(List.of(0), List.of(1));

        List<List<Integer>> lists = ReplicaAssignment.assign(2, 1, withoutRacks(3), existing, ReplicaLoad.NONE);

        assertThat(lists).containsExactly(List.of(2), List.of(0));
    }

    @Test
    void isTheSameWhateverTheOrderOfTheNodes() {
        List<Candidate> reversed = new ArrayList<>(withoutRacks(5)).reversed();

        assertThat(assign(7, 3, reversed)).isEqualTo(assign(7, 3, withoutRacks(5)));
    }

    @Test
    void refusesAReplicationFactorThatCannotBe() {
        assertThatThrownBy(() -> assign(1, 3, withoutRacks(2))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("replication factor 3");
        assertThatThrownBy(() -> assign(1, 0, withoutRacks(2))).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<List<Integer>> assign(int partitions, int factor, Collection<Candidate> nodes) {
        return ReplicaAssignment.assign(partitions, factor, nodes, List.of(), ReplicaLoad.NONE);
    }

    private static List<Candidate> withoutRacks(int n) {
        return IntStream.range(0, n).mapToObj(i -> new Candidate(i, null)).toList();
    }

    private static int spread(Map<Integer, Integer> counts, int nodes) {
        int max = IntStream.range(0, nodes).map(i -> counts.getOrDefault(i, 0)).max().orElse(0);
        int min = IntStream.range(0, nodes).map(i -> counts.getOrDefault(i, 0)).min().orElse(0);
        return max - min;
    }
}
