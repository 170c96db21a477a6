package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentsTest {

    @Test
    void shouldSplitAtTheFirstEqualsSign() {
        assertThat(Assignments.parse("--config", List.of("b=1", "a=x=y", "c="))).containsExactly(
                Map.entry("b", "1"), Map.entry("a", "x=y"), Map.entry("c", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"novalue", "=1", ""})
    void shouldRefuseAWordWithoutKey(String word) {
        assertThatThrownBy(() -> Assignments.parse("--config", List.of(word)))
                .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("KEY=VALUE");
    }

    @Test
    void shouldRefuseAKeyGivenTwice() {
        assertThatThrownBy(() -> Assignments.parse("--config", List.of("a=1", "a=2"))).hasMessageContaining("twice");
    }
}
