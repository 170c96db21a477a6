package io.sluice.streams.javadsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.junit.jupiter.api.Test;

class CommitQueueTest {

    private final AtomicLong now = new AtomicLong();
    private final CommitQueue queue = new CommitQueue(Duration.ofSeconds(10), now::get);
    private final OwnedPartition a = new OwnedPartition(new TopicPartition("t", 0), queue::add);
    private final OwnedPartition b = new OwnedPartition(new TopicPartition("t", 1), queue::add);

    private static boolean value(CompletionStage<Boolean> stage) {
        return stage.toCompletableFuture().getNow(null);
    }

    private static CompletableFuture<Boolean> future(CompletionStage<Boolean> stage) {
        return stage.toCompletableFuture();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void whatComesWhileARoundIsUnderWayBecomesOneRound() {
        queue.add(Map.of(a, 1L));
        CommitRound first = queue.next();
        assertThat(first.toSend()).containsExactly(Map.entry(a, 1L));

        CompletionStage<Boolean> second = queue.add(Map.of(a, 3L));
        CompletionStage<Boolean> third = queue.add(Map.of(a, 2L, b, 5L));
        assertThat(queue.next()).as("one at a time").isNull();
        queue.stored(first, first.toSend());

        CommitRound next = queue.next();
        assertThat(next.toSend()).containsOnly(Map.entry(a, 3L), Map.entry(b, 5L));
        assertThat(future(second)).isNotDone();
        queue.stored(next, next.toSend());
        assertThat(value(second)).isTrue();
        assertThat(value(third)).isTrue();
        assertThat(queue.isBusy()).isFalse();
    }

    @Test
    void offsetsNeverGoBack() {
        queue.add(Map.of(a, 7L));
        CommitRound first = queue.next();
        queue.stored(first, first.toSend());
        CompletionStage<Boolean> earlier = queue.add(Map.of(a, 4L));
        assertThat(queue.next()).isNull();
        assertThat(value(earlier)).isTrue();
    }

    @Test
    void aPartitionThatIsLostIsNotCommitted() {
        CompletionStage<Boolean> both = queue.add(Map.of(a, 1L, b, 1L));
        CompletionStage<Boolean> held = queue.add(Map.of(b, 1L));
        a.lose();
        CommitRound round = queue.next();
        assertThat(round.toSend()).containsOnlyKeys(b);
        queue.stored(round, round.toSend());
        assertThat(value(both)).isFalse();
        assertThat(value(held)).isTrue();
    }

    @Test
    void aRebalanceIsWaitedForAndARefusalIsNot() {
        CompletionStage<Boolean> asked = queue.add(Map.of(a, 1L));
        CommitRound round = queue.next();
        for (Exception passing : List.of(new RebalanceInProgressException(), new StaleMemberEpochException("e"),
                new UnknownMemberIdException(), new RetriableCommitFailedException("later"), new TimeoutException())) {
            queue.failed(round, passing);
            assertThat(queue.next()).as("too early").isNull();
            pass(Duration.ofMillis(100));
            assertThat(queue.next()).isSameAs(round);
        }
        queue.failed(round, new GroupAuthorizationException("g"));
        assertThat(future(asked)).isCompletedExceptionally();
        assertThat(queue.isBusy()).isFalse();
    }

    @Test
    void triesEndWithTheTimeoutOrThePartition() {
        CompletionStage<Boolean> asked = queue.add(Map.of(a, 1L));
        CommitRound round = queue.next();
        pass(Duration.ofSeconds(11));
        queue.failed(round, new CommitFailedException());
        assertThat(future(asked)).isCompletedExceptionally();

        CompletionStage<Boolean> lost = queue.add(Map.of(a, 2L));
        queue.failed(queue.next(), new CommitFailedException());
        a.lose();
        pass(Duration.ofMillis(100));
        assertThat(queue.next()).isNull();
        assertThat(value(lost)).isFalse();
    }

    @Test
    void drainingTakesEverythingAndItsAnswersMayComeTwice() {
        CompletionStage<Boolean> sent = queue.add(Map.of(a, 1L));
        CommitRound underWay = queue.next();
        CompletionStage<Boolean> waiting = queue.add(Map.of(b, 2L));

        CommitRound all = queue.drain();
        assertThat(all.toSend()).containsOnly(Map.entry(a, 1L), Map.entry(b, 2L));
        queue.stored(all, all.toSend());
        assertThat(value(sent)).isTrue();
        assertThat(value(waiting)).isTrue();
        queue.failed(underWay, new RebalanceInProgressException());
        assertThat(queue.isBusy()).isFalse();
        assertThat(queue.drain()).isNull();
    }

    @Test
    void onceClosedNothingIsCommitted() {
        CompletionStage<Boolean> before = queue.add(Map.of(a, 1L));
        queue.close();
        assertThat(value(before)).isFalse();
        assertThat(value(queue.add(Map.of(a, 1L)))).isFalse();
    }
}
