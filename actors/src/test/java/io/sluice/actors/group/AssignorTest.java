package io.sluice.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class AssignorTest {
    private static final Uuid A = new Uuid(0, 1);
    private static final Uuid B = new Uuid(0, 2);
    private final Assignor uniform = new UniformAssignor();

    private static SortedMap<String, Assignor.Candidate> members(Map<String, Set<Uuid>> topics,
            Map<String, Partitions> previous) {
        SortedMap<String, Assignor.Candidate> members = new TreeMap<>();
        topics.forEach(
                (m, t) -> members.put(m, new Assignor.Candidate(t, previous.getOrDefault(m, Partitions.NONE))));
        return members;
    }

    @Test
    void shouldMoveAsLittleAsTheNewcomerNeeds() {
        Map<Uuid, Integer> topics = Map.of(A, 6, B, 6);
        Map<String, Partitions> two = uniform.assign(topics,
                members(Map.of("a", Set.of(A, B), "b", Set.of(A, B)), Map.of()));
        Map<String, Partitions> three = uniform.assign(topics,
                members(Map.of("a", Set.of(A, B), "b", Set.of(A, B), "c", Set.of(A, B)), two));

        assertThat(three.values()).allSatisfy(p -> assertThat(p.size()).isEqualTo(4));
        assertThat(two.get("a").containsAll(three.get("a"))).isTrue();
        assertThat(two.get("b").containsAll(three.get("b"))).isTrue();
    }

    @Test
    void shouldEvenOutWhereSubscriptionsDiffer() {
        Map<String, Partitions> assigned = uniform.assign(Map.of(A, 4, B, 4),
                members(Map.of("a", Set.of(A), "b", Set.of(A, B)), Map.of()));

        assertThat(assigned.get("a").of(A)).hasSize(4);
        assertThat(assigned.get("b").of(B)).hasSize(4);
    }

    @Test
    void shouldAssignEverythingToSubscribersAndLeaveNoMoveThatHelps() {
        Random random = new Random(7);
        for (int run = 0; run < 300; run++) {
            Map<Uuid, Integer> topics = new HashMap<>();
            for (int t = 1 + random.nextInt(5); t > 0; t--) {
                topics.put(new Uuid(1, t), random.nextInt(9));
            }
            Map<String, Partitions> previous = new HashMap<>();
            for (int round = 0; round < 3; round++) {
                Map<String, Set<Uuid>> wants = new HashMap<>();
                for (int m = 1 + random.nextInt(6); m > 0; m--) {
                    Set<Uuid> some = new HashSet<>(topics.keySet());
                    some.removeIf(t -> random.nextInt(3) == 0);
                    wants.put("m" + m, some);
                }
                previous = uniform.assign(topics, members(wants, previous));
                assertComplete(topics, wants, previous);
                assertEven(wants, previous);
            }
        }
    }

    private static void assertComplete(Map<Uuid, Integer> topics, Map<String, Set<Uuid>> wants,
            Map<String, Partitions> assigned) {
        assertThat(assigned.keySet()).isEqualTo(wants.keySet());
        topics.forEach((topic, size) -> {
            Set<Integer> seen = new TreeSet<>();
            assigned.forEach((m, p) -> p.of(topic).forEach(partition -> {
                assertThat(seen.add(partition)).as("only once").isTrue();
                assertThat(wants.get(m)).contains(topic);
            }));
            assertThat(seen).hasSize(wants.values().stream().anyMatch(w -> w.contains(topic)) ? size : 0);
        });
    }

    private static void assertEven(Map<String, Set<Uuid>> wants, Map<String, Partitions> assigned) {
        assigned.forEach((from, has) -> has.topics().forEach(topic -> wants.forEach((to, want) -> {
            if (want.contains(topic)) {
                assertThat(has.size() - assigned.get(to).size()).as("%s to %s", from, to).isLessThanOrEqualTo(1);
            }
        })));
    }

    @Test
    void shouldGiveNeighboursByRangeAndTheFirstOneMore() {
        Map<String, Partitions> assigned = new RangeAssignor().assign(Map.of(A, 5, B, 2),
                members(Map.of("a", Set.of(A, B), "b", Set.of(A, B), "c", Set.of(B)), Map.of()));

        assertThat(assigned.get("a").of(A)).isEqualTo(List.of(0, 1, 2));
        assertThat(assigned.get("b").of(A)).isEqualTo(List.of(3, 4));
        assertThat(assigned.get("a").of(B)).isEqualTo(List.of(0));
        assertThat(assigned.get("b").of(B)).isEqualTo(List.of(1));
        assertThat(assigned.get("c")).isEqualTo(Partitions.NONE);
    }
}
