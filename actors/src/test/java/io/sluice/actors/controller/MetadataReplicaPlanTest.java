package io.sluice.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetadataReplicaPlanTest {

    @Test
    void shouldGrowOneByOneToThreeAndFive() {
        assertThat(next(List.of("a"), "a", "b", "c")).containsExactly("a", "b");
        assertThat(next(List.of("a", "b"), "a", "b", "c")).containsExactly("a", "b", "c");
        assertThat(next(List.of("a", "b", "c"), "a", "b", "c", "d")).containsExactly("a", "b", "c");
        assertThat(next(List.of("a", "b", "c"), "a", "b", "c", "d", "e")).containsExactly("a", "b", "c", "d");
        assertThat(next(List.of("a", "b", "c", "d"), "a", "b", "c", "d", "e"))
                .containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void shouldNotMakeTwoNodesNeedEachOther() {
        assertThat(next(List.of("a"), "a", "b")).containsExactly("a");
    }

    @Test
    void shouldWaitForOneThatIsAwayAndReplaceOneThatIsLost() {
        List<String> three = List.of("a", "b", "c");
        List<String> alive = List.of("a", "c", "d");

        assertThat(MetadataReplicaPlan.next(three, alive, disk -> false, disk -> false)).isEqualTo(three);
        assertThat(MetadataReplicaPlan.next(three, alive, disk -> true, disk -> false)).containsExactly("a", "c");
        assertThat(MetadataReplicaPlan.next(List.of("a", "c"), alive, disk -> true, disk -> false)).containsExactly("a",
                "c", "d");
    }

    @Test
    void shouldKeepALostOneThatNobodyCanReplace() {
        assertThat(MetadataReplicaPlan.next(List.of("a", "b", "c"), List.of("a", "c"), disk -> true, disk -> false))
                .containsExactly("a", "b", "c");
    }

    @Test
    void shouldReplaceADrainedOneThatIsAliveBeforeItGoes() {
        List<String> alive = List.of("a", "b", "c", "d");

        assertThat(MetadataReplicaPlan.next(List.of("a", "b", "c"), alive, disk -> false, "b"::equals))
                .containsExactly("a", "b", "c", "d");
        assertThat(MetadataReplicaPlan.next(List.of("a", "b", "c", "d"), alive, disk -> false, "b"::equals))
                .containsExactly("a", "c", "d");
        assertThat(MetadataReplicaPlan.next(List.of("a", "c", "d"), alive, disk -> false, "b"::equals))
                .containsExactly("a", "c", "d");
    }

    @Test
    void shouldReplaceTheOnlyOneIfItIsDrained() {
        assertThat(MetadataReplicaPlan.next(List.of("a"), List.of("a", "b"), disk -> false, "a"::equals))
                .containsExactly("a", "b");
        assertThat(MetadataReplicaPlan.next(List.of("a", "b"), List.of("a", "b"), disk -> false, "a"::equals))
                .containsExactly("b");
    }

    @Test
    void shouldLetADrainedOneThatIsDeadGoFirst() {
        List<String> alive = List.of("a", "c", "d");

        assertThat(MetadataReplicaPlan.next(List.of("a", "b", "c"), alive, disk -> false, "b"::equals))
                .containsExactly("a", "c");
    }

    @Test
    void shouldLetADrainedOneGoEvenIfNobodyTakesItsPlace() {
        assertThat(MetadataReplicaPlan.next(List.of("a", "b", "c"), List.of("a", "c"), disk -> false, "b"::equals))
                .containsExactly("a", "c");
        assertThat(MetadataReplicaPlan.next(List.of("a", "c"), List.of("a", "c"), disk -> false, "b"::equals))
                .containsExactly("a", "c");
        assertThat(MetadataReplicaPlan.next(List.of("a", "b"), List.of(), disk -> false, disk -> true))
                .as("nobody is left").containsExactly("a", "b");
    }

    private static List<String> next(List<String> now, String... alive) {
        return MetadataReplicaPlan.next(now, List.of(alive), disk -> false, disk -> false);
    }
}
