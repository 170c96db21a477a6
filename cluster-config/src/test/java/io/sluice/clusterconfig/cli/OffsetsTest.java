package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class OffsetsTest {
    private static final TopicPartition LED = new TopicPartition("orders", 0);
    private static final TopicPartition SILENT = new TopicPartition("orders", 1);

    @Test
    void shouldKeepWhatIsKnownWhereAPartitionDoesNotAnswer() throws Exception {
        assertThat(Offsets.answered(answers(new TimeoutException("late")), List.of(SILENT, LED)))
                .isEqualTo(Map.of(LED, 42L));
    }

    @Test
    void shouldFailIfTheAnswerIsNo() {
        assertThatThrownBy(() -> Offsets.answered(answers(new TopicAuthorizationException("no")), List.of(LED, SILENT)))
                .isInstanceOf(ExecutionException.class).hasMessageContaining("no");
    }

    @Test
    void shouldNameThePartitionsThatDoNotAnswer() {
        assertThat(Offsets.silent(List.of(LED, SILENT), Set.of(LED))).startsWith("no node leads orders-1 yet");
        assertThat(Offsets.silent(List.of(LED), Set.of(LED))).isEmpty();
    }

    private static ListOffsetsResult answers(RuntimeException failure) {
        KafkaFutureImpl<ListOffsetsResultInfo> failed = new KafkaFutureImpl<>();
        failed.completeExceptionally(failure);
        return new ListOffsetsResult(Map.of(LED,
                KafkaFuture.completedFuture(new ListOffsetsResultInfo(42, -1, Optional.empty())), SILENT, failed));
    }
}
