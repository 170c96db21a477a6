package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is not there is named, with what is there or how to see it. */
class NotFoundTest {

    @Test
    void shouldNameTheNode() {
        assertNotFound(() -> KnownNode.require(List.of(2, 0, 1), 77), "there is no node 77; the cluster has 0, 1, 2");
        assertThatCode(() -> KnownNode.require(List.of(2, 0, 1), 2)).doesNotThrowAnyException();
    }

    @Test
    void shouldNameThePartition() {
        assertNotFound(() -> ProduceCommand.requirePartition("t", 3, 3),
                "topic t has no partition 3; it has 3 partition(s), counted from 0");
        assertThatCode(() -> ProduceCommand.requirePartition("t", 2, 3)).doesNotThrowAnyException();
    }

    @Test
    void shouldNameTheTopics() {
        assertNotFound(() -> TopicAnswers.all(Map.of("nope", failed(new UnknownTopicOrPartitionException("none")),
                "there", KafkaFuture.completedFuture(1), "gone", failed(new UnknownTopicOrPartitionException("none")))),
                "there is no topic gone, nope; see sluice topics list");
    }

    @Test
    void shouldGiveAnswersInOrderOrTheFailure() throws Exception {
        assertThat(TopicAnswers.all(Map.of("b", KafkaFuture.completedFuture(2), "a", KafkaFuture.completedFuture(1))))
                .containsExactly(1, 2);
        assertThatThrownBy(() -> TopicAnswers.all(Map.of("a", failed(new TimeoutException("late")))))
                .isInstanceOf(ExecutionException.class).hasMessageContaining("late");
    }

    private static void assertNotFound(ThrowingCallable check, String told) {
        assertThatThrownBy(check).isInstanceOfSatisfying(CommandException.class,
                e -> assertThat(e.code()).isEqualTo(ExitCode.NOT_FOUND)).hasMessage(told);
    }

    private static KafkaFuture<Integer> failed(RuntimeException failure) {
        KafkaFutureImpl<Integer> future = new KafkaFutureImpl<>();
        future.completeExceptionally(failure);
        return future;
    }
}
