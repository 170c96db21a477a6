package io.sluice.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class OutstandingTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Outstanding outstanding = new Outstanding();

    private static GroupCommand.Request<Errors> request() {
        return new GroupCommand.Request<>((registry, to, now, effects) -> effects.answer(to, Errors.NONE),
                Function.identity());
    }

    @Test
    void shouldHandOverWhatWaitsOnceAndInOrder() {
        var first = request();
        var second = request();
        CompletableFuture<Errors> answer = outstanding.add(first, LONG);
        CompletableFuture<Errors> other = outstanding.add(second, LONG);
        assertThat(outstanding.isWaiting()).isTrue();
        assertThat(answer).isNotDone();
        assertThat(other).isNotDone();

        assertThat(outstanding.take()).satisfiesExactly(each -> assertThat(each).isSameAs(first),
                each -> assertThat(each).isSameAs(second));
        assertThat(outstanding.take()).isEmpty();
        assertThat(outstanding.isWaiting()).isFalse();
    }

    @Test
    void shouldFailWhatACoordinatorTookAndKeepTheRestForTheNext() {
        CompletableFuture<Errors> taken = outstanding.add(request(), LONG);
        outstanding.take();
        CompletableFuture<Errors> waiting = outstanding.add(request(), LONG);

        outstanding.failTaken();

        assertThat(taken).isCompletedWithValue(Errors.NOT_COORDINATOR);
        assertThat(waiting).isNotDone();
        assertThat(outstanding.take()).hasSize(1);
    }

    @Test
    void shouldNotBotherACoordinatorWithWhatIsLate() {
        CompletableFuture<Errors> late = outstanding.add(request(), Duration.ZERO);
        assertThat(late).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);

        assertThat(outstanding.isWaiting()).isFalse();
        assertThat(outstanding.take()).isEmpty();
    }

    @Test
    void shouldFailWhatWaitsForACoordinatorThatWillNotBeHere() {
        CompletableFuture<Errors> waiting = outstanding.add(request(), LONG);

        outstanding.failWaiting();

        assertThat(waiting).isCompletedWithValue(Errors.NOT_COORDINATOR);
    }
}
