package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class ClusterPlanTest {

    private static final TopicDescription TOPIC = topic("t", List.of(0, 1), List.of(1, 2), List.of(2, 0));

    @Test
    void aClusterInBalanceNeedsNothing() {
        ClusterPlan plan = ClusterPlan.of(view(3, Map.of(), Map.of(), TOPIC), node -> false);

        assertThat(plan.toTable().lines()).containsExactly("nothing to move: each node has its share");
    }

    @Test
    void aDrainedNodeIsEmptied() throws Exception {
        ClusterView view = view(3, Map.of(), Map.of(), TOPIC);

        ClusterPlan plan = ClusterPlan.of(view, node -> node == 2);

        assertThat(plan.stuckOn(view, 2)).isEmpty();
        assertThat(plan.toTable().lines()).anySatisfy(line -> assertThat(line).startsWith("t-1 ").contains("1,2"))
                .anySatisfy(line -> assertThat(line).startsWith("2 ").endsWith(" 0"))
                .last().asString().startsWith("2 partition(s) change: 2 replica(s) to copy");
        JsonNode json = new ObjectMapper().readTree(plan.toJson());
        assertThat(json.get("version").asInt()).isEqualTo(1);
        assertThat(json.get("partitions")).hasSize(2)
                .allSatisfy(each -> assertThat(each.get("replicas").toString()).doesNotContain("2"));
        assertThat(json.get("replicaMoves").asInt()).isEqualTo(2);
    }

    @Test
    void aNodeThatIsBeingDrainedCountsAsSuch() {
        ClusterView view = view(3, Map.of(2, Map.of("sluice.node.draining", "true")), Map.of(), TOPIC);

        assertThat(ClusterPlan.of(view, node -> false).plan().replicaMoves()).isEqualTo(2);
    }

    @Test
    void whatNobodyElseCanTakeIsNamed() {
        ClusterView view = view(3, Map.of(), Map.of(), topic("wide", List.of(0, 1, 2)), TOPIC);

        assertThat(ClusterPlan.of(view, node -> node == 1).stuckOn(view, 1)).containsExactly("wide-0");
    }

    @Test
    void aPartitionCountsWhereItIsMovedTo() {
        ClusterView view = view(3, Map.of(), Map.of(new TopicPartition("t", 1),
                new PartitionReassignment(List.of(1, 0, 2), List.of(0), List.of(2))),
                topic("t", List.of(0, 1), List.of(1, 0, 2)));

        ClusterPlan plan = ClusterPlan.of(view, node -> node == 2);

        assertThat(plan.plan().isEmpty()).isTrue();
        assertThat(plan.stuckOn(view, 2)).isEmpty();
    }

    @Test
    void aPartitionWithoutAMajorityCannotMove() {
        ClusterView view = view(3, Map.of(), Map.of(), topic("three", List.of(0, 1, 2)), topic("two", List.of(2, 1)));
        Map<Integer, Node> nodes = new TreeMap<>(view.nodes());
        nodes.put(2, new Node(2, "h2", 9092, null, true));
        ClusterView down = new ClusterView("X", 0, nodes, Map.of(), view.topics(), Map.of(), List.of());

        assertThat(down.withoutMajority(2)).containsExactly("two-0");
        assertThat(view.withoutMajority(2)).isEmpty();
    }

    @Test
    void theOffsetsTopicGetsTheReplicasOfItsSetting() {
        ClusterView view = view(3, Map.of(0, Map.of("offsets.topic.replication.factor", "3")), Map.of(),
                topic("__consumer_offsets", List.of(0)));

        assertThat(ClusterPlan.of(view, node -> false).plan().replicaMoves()).isEqualTo(2);
    }

    private static ClusterView view(int nodes, Map<Integer, Map<String, String>> settings,
            Map<TopicPartition, PartitionReassignment> moving, TopicDescription... topics) {
        Map<Integer, Node> all = new TreeMap<>();
        IntStream.range(0, nodes).forEach(id -> all.put(id, node(id)));
        return new ClusterView("X", 0, all, settings, List.of(topics), moving, List.of());
    }

    @SafeVarargs
    private static TopicDescription topic(String name, List<Integer>... lists) {
        return new TopicDescription(name, false, IntStream.range(0, lists.length).mapToObj(p -> {
            List<Node> replicas = lists[p].stream().map(ClusterPlanTest::node).toList();
            return new TopicPartitionInfo(p, replicas.getFirst(), replicas, replicas);
        }).toList());
    }

    private static Node node(int id) {
        return new Node(id, "h" + id, 9092);
    }
}
