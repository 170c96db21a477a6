package io.sluice.actors.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.placement.RebalancePlan.Move;
import io.sluice.actors.placement.RebalancePlan.Node;
import io.sluice.actors.placement.RebalancePlan.NodeShare;
import io.sluice.actors.placement.RebalancePlan.Partition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RebalancePlanPropertyTest {

    @Property(tries = 500)
    void aPlanIsSafeAndItsEndIsStable(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int count,
            @ForAll @IntRange(min = 0, max = 4) int racks) {
        Random random = new Random(seed);
        List<Node> nodes = nodes(random, count, racks);
        List<Partition> partitions = partitions(random, count, 60);

        RebalancePlan plan = RebalancePlan.of(nodes, partitions);
        List<Partition> after = carriedOut(partitions, plan);

        assertThat(after).hasSameSizeAs(partitions);
        for (int i = 0; i < after.size(); i++) {
            Partition before = partitions.get(i);
            List<Integer> replicas = after.get(i).replicas();
            assertThat(replicas).doesNotHaveDuplicates()
                    .hasSizeGreaterThanOrEqualTo(Math.min(before.replicas().size(), before.replicationFactor()))
                    .hasSizeLessThanOrEqualTo(Math.max(before.replicas().size(), before.replicationFactor()));
            assertThat(replicas).filteredOn(id -> !before.replicas().contains(id))
                    .allMatch(id -> nodes.get(id).receives());
            long receive = nodes.stream().filter(Node::receives).count();
            long keep = before.replicas().stream().filter(id -> !nodes.get(id).receives() && !nodes.get(id).empties())
                    .count();
            if (receive + keep >= before.replicationFactor()) {
                assertThat(replicas).as("every partition has what it wants").hasSize(before.replicationFactor())
                        .as("a drained node is empty").noneMatch(id -> nodes.get(id).empties());
            }
        }
        assertThat(RebalancePlan.of(nodes, after).moves()).as("a second plan").isEmpty();
    }

    @Property(tries = 300)
    void nodesEndWithinTheTolerance(@ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int count,
            @ForAll @IntRange(min = 1, max = 3) int factor) {
        Random random = new Random(seed);
        List<Node> nodes = nodes(random, count, 0);
        long receivers = nodes.stream().filter(Node::receives).count();
        List<Partition> partitions = partitions(random, count, 80).stream()
                .map(partition -> new Partition(partition.topic(), partition.partition(), partition.replicas(),
                        Math.min(factor, partition.replicas().size())))
                .toList();

        RebalancePlan plan = RebalancePlan.of(nodes, partitions);

        if (receivers >= factor) {
            List<NodeShare> shares = plan.nodes().stream().filter(share -> nodes.get(share.id()).receives()).toList();
            double average = shares.stream().mapToInt(NodeShare::replicas).average().orElse(0);
            double tolerance = Math.max(1, average / 10);
            assertThat(shares).allSatisfy(share -> assertThat((double) share.replicas())
                    .isBetween(average - tolerance - 1e-9, average + tolerance + 1e-9));
        }
    }

    @Property(tries = 300)
    void noMoreReplicasMoveThanMust(@ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int count,
            @ForAll @IntRange(min = 1, max = 3) int factor) {
        Random random = new Random(seed);
        List<Node> nodes = nodes(random, count, 0);
        int receivers = (int) nodes.stream().filter(Node::receives).count();
        List<Partition> partitions = IntStream.range(0, 80)
                .mapToObj(p -> new Partition("t" + p % 4, p, replicas(random, count, Math.min(factor, count)),
                        Math.min(factor, count)))
                .toList();
        if (receivers < factor) {
            return;
        }
        int[] held = new int[count];
        int leaving = 0;
        for (Partition partition : partitions) {
            for (int id : partition.replicas()) {
                held[id]++;
                leaving += nodes.get(id).empties() ? 1 : 0;
            }
        }
        int total = leaving + nodes.stream().filter(Node::receives).mapToInt(node -> held[node.id()]).sum();
        double average = (double) total / receivers;
        double tolerance = Math.max(1, average / 10);
        int lacking = 0;
        int surplus = 0;
        for (Node node : nodes) {
            if (node.receives()) {
                lacking += Math.max(0,
                        Math.max(average >= 1 ? 1 : 0, (int) Math.ceil(average - tolerance - 1e-9)) - held[node.id()]);
                surplus += Math.max(0, held[node.id()] - (int) Math.floor(average + tolerance + 1e-9));
            }
        }

        int moves = RebalancePlan.of(nodes, partitions).replicaMoves();

        int least = Math.max(leaving + surplus, lacking);
        assertThat(moves).isBetween(least, least + Math.max(2, least / 20));
    }

    @Property(tries = 300)
    void racksAreUsedAsWellAsTheyCanBe(@ForAll long seed, @ForAll @IntRange(min = 3, max = 9) int count,
            @ForAll @IntRange(min = 2, max = 4) int racks) {
        Random random = new Random(seed);
        List<Node> nodes = IntStream.range(0, count).mapToObj(id -> new Node(id, "r" + id % racks, true, false))
                .toList();
        List<Partition> partitions = partitions(random, count, 40);

        List<Partition> after = carriedOut(partitions, RebalancePlan.of(nodes, partitions));

        assertThat(after).allSatisfy(partition -> {
            Map<Integer, Integer> perRack = new HashMap<>();
            partition.replicas().forEach(id -> perRack.merge(id % racks, 1, Integer::sum));
            assertThat(perRack).hasSize(Math.min(Math.min(racks, count), partition.replicas().size()));
        });
    }

    @Property(tries = 200)
    void leadersAreEvenWhereReplicasAllowIt(@ForAll long seed, @ForAll @IntRange(min = 3, max = 9) int count) {
        Random random = new Random(seed);
        List<Node> nodes = IntStream.range(0, count).mapToObj(id -> new Node(id, null, true, false)).toList();
        List<Partition> partitions = IntStream.range(0, 20 * count)
                .mapToObj(p -> new Partition("t", p, replicas(random, count, 3), 3)).toList();

        RebalancePlan plan = RebalancePlan.of(nodes, partitions);

        assertThat(plan.nodes()).extracting(NodeShare::leaders).allMatch(leaders -> leaders >= 18 && leaders <= 22);
        int[] led = new int[count];
        partitions.forEach(partition -> led[partition.replicas().getFirst()]++);
        int least = Math.max(IntStream.of(led).map(n -> Math.max(0, n - 22)).sum(),
                IntStream.of(led).map(n -> Math.max(0, 18 - n)).sum());
        assertThat(plan.leaderChanges()).isLessThanOrEqualTo(least + plan.replicaMoves());
    }

    /** The partitions once the plan is carried out. */
    static List<Partition> carriedOut(List<Partition> partitions, RebalancePlan plan) {
        Map<String, Move> moves = new HashMap<>();
        plan.moves().forEach(move -> moves.put(move.topic() + "-" + move.partition(), move));
        return partitions.stream().map(partition -> {
            Move move = moves.get(partition.topic() + "-" + partition.partition());
            return move == null
                    ? partition
                    : new Partition(partition.topic(), partition.partition(), move.replicas(),
                            partition.replicationFactor());
        }).toList();
    }

    private static List<Node> nodes(Random random, int count, int racks) {
        return IntStream.range(0, count).mapToObj(id -> new Node(id, racks == 0 ? null : "r" + random.nextInt(racks),
                random.nextInt(6) > 0, random.nextInt(6) == 0)).toList();
    }

    private static List<Partition> partitions(Random random, int nodes, int most) {
        return IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(p -> new Partition("t" + p % 3, p, replicas(random, nodes, 1 + random.nextInt(nodes)),
                        1 + random.nextInt(4)))
                .toList();
    }

    private static List<Integer> replicas(Random random, int nodes, int count) {
        List<Integer> ids = new ArrayList<>(IntStream.range(0, nodes).boxed().toList());
        Collections.shuffle(ids, random);
        return ids.subList(0, count);
    }
}
