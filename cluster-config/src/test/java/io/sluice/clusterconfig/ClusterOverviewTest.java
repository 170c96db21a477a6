package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class ClusterOverviewTest {
    private static final Node ONE = new Node(1, "h", 9001, "r1");
    private static final Node TWO = new Node(2, "h", 9002);
    private static final Node GONE = new Node(3, "", -1);
    private static final Node FENCED = new Node(4, "h", 9004, null, true);

    private final ClusterOverview overview = ClusterOverview.of(new ClusterView("X", 2,
            new TreeMap<>(Map.of(1, ONE, 2, TWO, 4, FENCED)), Map.of(1, Map.of("sluice.node.draining", "true")),
            List.of(new TopicDescription("t", false,
                    List.of(partition(0, ONE, List.of(ONE, TWO), List.of(ONE, TWO)),
                            partition(1, TWO, List.of(GONE, TWO), List.of(TWO)),
                            partition(2, null, List.of(GONE), List.of())))),
            Map.of(new TopicPartition("t", 0),
                    new PartitionReassignment(List.of(2, 1), List.of(2), List.of(1))),
            List.of(1, 2)));

    @Test
    void countsAndNamesWhatIsMissing() {
        assertThat(overview.nodes()).extracting(ClusterOverview.NodeLine::id, ClusterOverview.NodeLine::state,
                ClusterOverview.NodeLine::leads, ClusterOverview.NodeLine::replicas).containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, "draining", 1, 1),
                        org.assertj.core.groups.Tuple.tuple(2, "up", 1, 2),
                        org.assertj.core.groups.Tuple.tuple(3, "down", 0, 2),
                        org.assertj.core.groups.Tuple.tuple(4, "down", 0, 0));
        assertThat(overview.leaderless()).containsExactly("t-2");
        assertThat(overview.underReplicated()).containsExactly("t-1", "t-2");
    }

    @Test
    void isATableForPeople() {
        assertThat(overview.toTable().lines()).hasSize(10)
                .anySatisfy(line -> assertThat(line).contains("cluster X: 2 of 4 nodes up, controller on node 2"))
                .anySatisfy(line -> assertThat(line).startsWith("1 ").contains("h:9001", "r1", "draining"))
                .anySatisfy(line -> assertThat(line).startsWith("3 ").contains("down"))
                .contains("under-replicated: 2 (t-1, t-2)", "without a leader: 1 (t-2)", "being moved: 1 (t-0)",
                        "metadata: on nodes 1, 2");
    }

    @Test
    void isJsonForPrograms() throws Exception {
        JsonNode json = new ObjectMapper().readTree(overview.toJson());

        assertThat(json.get("clusterId").asText()).isEqualTo("X");
        assertThat(json.get("nodes").get(1).get("controller").asBoolean()).isTrue();
        assertThat(json.get("underReplicated")).hasSize(2);
        assertThat(json.get("reassigning").get(0).get("adding").get(0).asInt()).isEqualTo(2);
        assertThat(json.get("metadataVoters")).hasSize(2);
    }

    private static TopicPartitionInfo partition(int number, Node leader, List<Node> replicas, List<Node> isr) {
        return new TopicPartitionInfo(number, leader, replicas, isr);
    }
}
