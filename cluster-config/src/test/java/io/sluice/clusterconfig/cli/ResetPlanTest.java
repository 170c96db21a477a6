package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.clusterconfig.cli.ResetPlan.Change;
import io.sluice.clusterconfig.cli.ResetTarget.Kind;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResetPlanTest {
    private static final TopicPartition P = new TopicPartition("orders", 0);

    /** The partition holds offsets 10 to 99, 50 is committed, 70 is the first of the time. */
    @ParameterizedTest
    @CsvSource({"EARLIEST, 0, 10", "LATEST, 0, 100", "OFFSET, 42, 42", "OFFSET, 3, 10", "OFFSET, 1000, 100",
            "TIME, 5, 70", "SHIFT, 5, 55", "SHIFT, -5, 45", "SHIFT, -100, 10", "SHIFT, 100, 100"})
    void shouldStayWithinWhatThePartitionHolds(Kind kind, long value, long expected) {
        assertThat(plan(kind, value, Map.of(P, 50L), 70).changes()).containsExactly(new Change(P, 50L, expected));
    }

    @Test
    void shouldGoToTheEndForATimeWithoutRecords() {
        assertThat(plan(Kind.TIME, 5, Map.of(), -1).offsets()).isEqualTo(Map.of(P, new OffsetAndMetadata(100)));
    }

    @Test
    void shouldNotShiftFromNowhere() {
        List<TopicPartition> three = List.of(P, new TopicPartition("orders", 1), new TopicPartition("orders", 2));
        assertThatThrownBy(() -> ResetPlan.of(new ResetTarget(Kind.SHIFT, 1), three, Map.of(three.get(1), 7L),
                Map.of(), Map.of(), Map.of()))
                .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("no committed offset of orders-0, orders-2; choose others with --topic");
    }

    @Test
    void shouldSayThatAGroupIsNew() {
        assertThat(ResetPlan.outcome("g", true, false)).contains("g does not exist and would be made", "--execute");
        assertThat(ResetPlan.outcome("g", true, true)).contains("committed", "g did not exist");
        assertThat(ResetPlan.outcome("g", false, false)).startsWith("nothing is changed yet");
        assertThat(ResetPlan.outcome("g", false, true)).isEqualTo("committed");
    }

    private static ResetPlan plan(Kind kind, long value, Map<TopicPartition, Long> committed, long found) {
        return ResetPlan.of(new ResetTarget(kind, value), List.of(P), committed, Map.of(P, 10L), Map.of(P, 100L),
                Map.of(P, found));
    }
}
