package io.sluice.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class OutstandingTest {

    private static final long DEADLINE = 1_000;

    private final Outstanding outstanding = new Outstanding();

    private static GroupCommand.Request<Errors> request() {
        return new GroupCommand.Request<>((registry, to, now, effects) -> effects.answer(to, Errors.NONE),
                Function.identity(), DEADLINE);
    }

    @Test
    void shouldHandOverWhatWaitsOnceAndInOrder() {
        var first = request();
        var second = request();
        CompletableFuture<Errors> answer = outstanding.add(first);
        CompletableFuture<Errors> other = outstanding.add(second);
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
        CompletableFuture<Errors> taken = outstanding.add(request());
        outstanding.take();
        CompletableFuture<Errors> waiting = outstanding.add(request());

        outstanding.failTaken();

        assertThat(taken).isCompletedWithValue(Errors.NOT_COORDINATOR);
        assertThat(waiting).isNotDone();
        assertThat(outstanding.take()).hasSize(1);
    }

    @Test
    void shouldNotBotherACoordinatorWithWhatIsLate() {
        CompletableFuture<Errors> late = outstanding.add(request());
        outstanding.failLate(DEADLINE - 1);
        assertThat(late).isNotDone();

        outstanding.failLate(DEADLINE);

        assertThat(late).isCompletedWithValue(Errors.COORDINATOR_NOT_AVAILABLE);

        assertThat(outstanding.isWaiting()).isFalse();
        assertThat(outstanding.take()).isEmpty();
    }

    @Test
    void shouldAnswerForACoordinatorThatTakesTooLong() {
        CompletableFuture<Errors> taken = outstanding.add(request());
        outstanding.take();

        outstanding.failLate(DEADLINE);

        assertThat(taken).isCompletedWithValue(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // what is answered is not looked at
    void shouldWakeACoordinatorOnceForAllThatWaits() {
        outstanding.add(request());
        assertThat(outstanding.wake()).isTrue();
        outstanding.add(request());
        assertThat(outstanding.wake()).isFalse();

        outstanding.take();
        outstanding.add(request());
        assertThat(outstanding.wake()).isTrue();

        outstanding.failTaken();
        assertThat(outstanding.wake()).as("its successor is another one").isTrue();
    }

    @Test
    void shouldFailWhatWaitsForACoordinatorThatWillNotBeHere() {
        CompletableFuture<Errors> waiting = outstanding.add(request());

        outstanding.failWaiting();

        assertThat(waiting).isCompletedWithValue(Errors.NOT_COORDINATOR);
    }
}
