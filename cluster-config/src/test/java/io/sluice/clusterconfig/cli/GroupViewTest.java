package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupViewTest {
    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);
    private static final TopicPartition P2 = new TopicPartition("t", 2);

    @Test
    void shouldShowOwnersOffsetsAndLag() {
        GroupView view = new GroupView(
                group(new MemberDescription("m-1", Optional.empty(), Optional.empty(), "client", "/h",
                        new MemberAssignment(Set.of(P0, P1)), Optional.empty(), Optional.empty(), Optional.empty())),
                Map.of(P0, 7L, P2, 12L), Map.of(P0, 10L, P1, 5L, P2, 11L));

        assertThat(view.lag()).isEqualTo(3);
        assertThat(view.toText()).isEqualTo("""
                group g: Stable, Classic protocol, assignor range, coordinator node 4, 1 member(s), lag 3
                topic  partition  committed  end offset  lag  member
                t              0          7          10    3  m-1
                t              1          -           5    -  m-1
                t              2         12          11    0  -
                member  client  host  instance  partitions
                m-1     client  /h    -                  2
                """);
    }

    @Test
    void shouldBeAnObjectForPrograms() throws Exception {
        JsonNode object = new ObjectMapper().readTree(new GroupView(group(), Map.of(P0, 7L), Map.of()).toJson());

        assertThat(object.get("state").asText()).isEqualTo("Stable");
        assertThat(object.get("lag").asLong()).isZero();
        assertThat(object.at("/partitions/0/committed").asLong()).isEqualTo(7);
        assertThat(object.at("/partitions/0/endOffset").isNull()).as("end of a deleted topic").isTrue();
        assertThat(object.get("members")).isEmpty();
    }

    private static ConsumerGroupDescription group(MemberDescription... members) {
        return new ConsumerGroupDescription("g", false, List.of(members), "range", GroupType.CLASSIC,
                GroupState.STABLE, new Node(4, "h", 1), Set.of(), Optional.empty(), Optional.empty());
    }
}
