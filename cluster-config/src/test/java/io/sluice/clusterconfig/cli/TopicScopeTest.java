package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicScopeTest {
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final TopicPartition A1 = new TopicPartition("a", 1);
    private static final TopicPartition B0 = new TopicPartition("b", 0);
    private static final Set<TopicPartition> ALL = Set.of(B0, A1, A0);

    @Test
    void shouldSelectTopicsAndPartitions() {
        assertThat(select()).containsExactly(A0, A1, B0);
        assertThat(select("a")).containsExactly(A0, A1);
        assertThat(select("a:1", "b")).containsExactly(A1, B0);
        assertThat(select("a:1,0")).containsExactly(A0, A1);
    }

    @Test
    void shouldNotPassOverWhatIsNotThere() {
        assertThatThrownBy(() -> select("a", "c"))
                .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.code()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining("topic c");
        assertThatThrownBy(() -> select("a:0,7")).hasMessageContaining("0,7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":1", "a:", "a:x", "a:-1", "a:1,"})
    void shouldRefuseWhatIsNoScope(String text) {
        assertThatThrownBy(() -> TopicScope.parse(text)).isInstanceOfSatisfying(CommandException.class,
                e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE));
    }

    private static List<TopicPartition> select(String... scopes) {
        return TopicScope.select(ALL, List.of(scopes).stream().map(TopicScope::parse).toList(), "partition");
    }
}
