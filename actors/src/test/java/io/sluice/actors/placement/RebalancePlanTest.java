package io.sluice.actors.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.actors.placement.RebalancePlan.Move;
import io.sluice.actors.placement.RebalancePlan.Node;
import io.sluice.actors.placement.RebalancePlan.NodeShare;
import io.sluice.actors.placement.RebalancePlan.Partition;
import io.sluice.actors.placement.ReplicaAssignment.Candidate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RebalancePlanTest {

    @Test
    void whatIsEvenStays() {
        RebalancePlan plan = RebalancePlan.of(nodes(4), assigned(40, 3, 4));

        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.nodes()).extracting(NodeShare::replicas).containsExactly(30, 30, 30, 30);
        assertThat(plan.nodes()).extracting(NodeShare::leaders).containsExactly(10, 10, 10, 10);
    }

    @Test
    void aSmallDifferenceMovesNothing() {
        List<Partition> partitions = new ArrayList<>(assigned(40, 1, 4));
        partitions.add(new Partition("u", 0, List.of(3), 1));

        assertThat(RebalancePlan.of(nodes(4), partitions).isEmpty()).isTrue();
    }

    @Test
    void aNewNodeGetsItsShareAndNothingElseMoves() {
        RebalancePlan plan = RebalancePlan.of(nodes(4), assigned(120, 2, 3));

        NodeShare added = plan.nodes().get(3);
        assertThat(added.replicas()).isBetween(54, 66);
        assertThat(added.leaders()).isBetween(27, 33);
        assertThat(plan.replicaMoves()).isEqualTo(added.replicasIn());
        assertThat(plan.leaderChanges()).isEqualTo(added.leadersIn());
    }

    @Test
    void aDrainedNodeIsEmptiedWithOneMoveForEachReplica() {
        List<Partition> partitions = assigned(100, 3, 5);
        int held = (int) partitions.stream().filter(partition -> partition.replicas().contains(2)).count();

        RebalancePlan plan = RebalancePlan.of(nodes(5, 2), partitions);

        NodeShare drained = plan.nodes().get(2);
        assertThat(drained.replicas()).isZero();
        assertThat(drained.leaders()).isZero();
        assertThat(drained.replicasOut()).isEqualTo(held);
        assertThat(plan.replicaMoves()).isEqualTo(held);
        assertThat(plan.moves()).filteredOn(move -> !move.isLeadershipMove())
                .allSatisfy(move -> assertThat(move.added()).hasSameSizeAs(move.removed()));
    }

    @Test
    void aReplicaStaysOnADrainedNodeWhereNobodyCouldTakeIt() {
        List<Partition> partitions = List.of(new Partition("t", 0, List.of(2, 0, 1), 3),
                new Partition("t", 1, List.of(2, 0), 2));

        RebalancePlan plan = RebalancePlan.of(nodes(3, 2), partitions);

        assertThat(plan.moves()).hasSize(2);
        assertThat(plan.moves().getFirst().replicas()).containsExactlyInAnyOrder(0, 1);
        assertThat(plan.moves().getLast().replicas()).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(plan.nodes().get(2).leaders()).as("but does not lead").isZero();
    }

    @Test
    void aNodeThatIsAwayForAMomentKeepsWhatItHasAndGetsNothing() {
        List<Node> nodes = List.of(new Node(0, null, true, false), new Node(1, null, false, false),
                new Node(2, null, true, false));
        List<Partition> partitions = IntStream.range(0, 12)
                .mapToObj(p -> new Partition("t", p, p % 2 == 0 ? List.of(0) : List.of(1), 1)).toList();

        RebalancePlan plan = RebalancePlan.of(nodes, partitions);

        assertThat(plan.nodes()).extracting(NodeShare::replicas).satisfies(replicas -> {
            assertThat(replicas.get(1)).isEqualTo(6);
            assertThat(replicas.get(0)).isBetween(2, 4);
        });
    }

    @Test
    void missingReplicasComeFirst() {
        List<Partition> partitions = new ArrayList<>(assigned(30, 2, 3));
        partitions.add(new Partition("z", 0, List.of(1), 2));
        partitions.add(new Partition("z", 1, List.of(1, 9), 2));

        List<Move> moves = RebalancePlan.of(nodes(4), partitions).moves();

        assertThat(moves.subList(0, 2)).extracting(Move::topic).containsOnly("z");
        assertThat(moves.subList(0, 2)).allSatisfy(move -> {
            assertThat(move.replicas()).hasSize(2).doesNotContain(9).contains(1);
        });
        assertThat(moves.getLast().isLeadershipMove() || !moves.getLast().added().isEmpty()).isTrue();
    }

    @Test
    void tooManyReplicasGo() {
        RebalancePlan plan = RebalancePlan.of(nodes(3), List.of(new Partition("t", 0, List.of(1, 2, 0), 1)));

        assertThat(plan.moves()).extracting(Move::replicas).containsExactly(List.of(1));
        assertThat(plan.replicaMoves()).isZero();
    }

    @Test
    void replicasThatShareARackAreSpread() {
        List<Node> nodes = List.of(new Node(0, "a", true, false), new Node(1, "a", true, false),
                new Node(2, "b", true, false), new Node(3, "b", true, false));
        List<Partition> partitions = List.of(new Partition("t", 0, List.of(0, 1), 2),
                new Partition("t", 1, List.of(2, 3), 2));

        RebalancePlan plan = RebalancePlan.of(nodes, partitions);

        assertThat(plan.replicaMoves()).isEqualTo(2);
        assertThat(plan.moves()).allSatisfy(
                move -> assertThat(move.replicas().stream().map(id -> id / 2)).doesNotHaveDuplicates());
    }

    @Test
    void leadershipsAloneCostNoReplicaMove() {
        List<Partition> partitions = IntStream.range(0, 30)
                .mapToObj(p -> new Partition("t", p, p < 15 ? List.of(0, 1, 2) : List.of(0, 2, 1), 3)).toList();

        RebalancePlan plan = RebalancePlan.of(nodes(3), partitions);

        assertThat(plan.replicaMoves()).isZero();
        assertThat(plan.leaderChanges()).as("11 may stay").isEqualTo(19);
        assertThat(plan.moves()).allMatch(Move::isLeadershipMove);
        assertThat(plan.nodes()).extracting(NodeShare::leaders).allMatch(leaders -> leaders >= 9 && leaders <= 11);
    }

    @Test
    void aNewNodeGetsSomethingHoweverLittleThereIs() {
        RebalancePlan plan = RebalancePlan.of(nodes(4), assigned(4, 2, 3));

        assertThat(plan.nodes().get(3).replicas()).isPositive();
        assertThat(plan.nodes().get(3).leaders()).isOne();
    }

    @Test
    void theLeadersOfALongRingArePassedOn() {
        // node 0 leads four and node 4 none, and no partition is on both
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int next = (i + 1) % 8;
            partitions.add(new Partition("t", i, i < 4 ? List.of(i, next) : List.of(next, i), 2));
        }

        RebalancePlan plan = RebalancePlan.of(nodes(8), partitions);

        assertThat(plan.replicaMoves()).isZero();
        assertThat(plan.nodes()).extracting(NodeShare::leaders).containsOnly(1);
        assertThat(plan.leaderChanges()).isEqualTo(4);
    }

    @Test
    void fewDifferentListsAreInUse() {
        List<Partition> before = assigned(1_000, 3, 10);
        List<Partition> after = carriedOut(before, RebalancePlan.of(nodes(11), before));
        List<Partition> drained = carriedOut(after, RebalancePlan.of(nodes(11, 4), after));

        assertThat(lists(before)).isEqualTo(10);
        assertThat(lists(after)).isLessThan(33);
        assertThat(lists(drained)).isLessThan(44);
    }

    @Test
    void isTheSameWhateverTheOrder() {
        List<Partition> partitions = assigned(50, 2, 4);

        assertThat(RebalancePlan.of(nodes(6, 1).reversed(), partitions.reversed()))
                .isEqualTo(RebalancePlan.of(nodes(6, 1), partitions));
    }

    @Test
    void aPartitionNeedsReplicas() {
        assertThatThrownBy(() -> new Partition("t", 0, List.of(), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Partition("t", 0, List.of(1), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutNodesThatReceiveNothingMoves() {
        List<Node> nodes = List.of(new Node(0, null, false, false), new Node(1, null, true, true));

        assertThat(RebalancePlan.of(nodes, List.of(new Partition("t", 0, List.of(1, 0), 2))).replicaMoves()).isZero();
        assertThat(RebalancePlan.of(List.of(), List.of()).isEmpty()).isTrue();
    }

    private static long lists(List<Partition> partitions) {
        return new HashSet<>(partitions.stream().map(Partition::replicas).toList()).size();
    }

    private static List<Partition> carriedOut(List<Partition> partitions, RebalancePlan plan) {
        return RebalancePlanPropertyTest.carriedOut(partitions, plan);
    }

    private static List<Node> nodes(int count, int... drained) {
        return IntStream.range(0, count)
                .mapToObj(id -> new Node(id, null, true, IntStream.of(drained).anyMatch(d -> d == id))).toList();
    }

    private static List<Partition> assigned(int count, int factor, int nodes) {
        List<Candidate> alive = IntStream.range(0, nodes).mapToObj(id -> new Candidate(id, null)).toList();
        List<List<Integer>> lists = ReplicaAssignment.assign(count, factor, alive, List.of(), ReplicaLoad.NONE);
        return IntStream.range(0, count).mapToObj(p -> new Partition("t", p, lists.get(p), factor)).toList();
    }
}
