package io.sluice.streams.javadsl;

import static io.sluice.streams.javadsl.FakeConsumer.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.streams.DemandProbe;
import io.sluice.streams.javadsl.Consumer.Control;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableOffsetBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Demand, ownership and the end of consumer sources, without a node. */
class ConsumerSourceTest {

    private static final Subscriptions.AutoSubscription TOPIC = Subscriptions.topics("t");
    private static final Duration QUIET = Duration.ofMillis(200);

    private static ActorSystem system;

    private final FakeConsumer consumer = new FakeConsumer(100);
    private final DemandProbe<CommittableMessage<String, String>> probe = new DemandProbe<>();

    @BeforeAll
    static void start() {
        system = ActorSystem.create("consumer-source");
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    private Control run(ConsumerSettings<String, String> settings) {
        return Consumer.committableSource(settings, TOPIC).toMat(Sink.fromSubscriber(probe), Keep.left()).run(system);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static List<String> values(List<CommittableMessage<String, String>> messages) {
        return messages.stream().map(CommittableMessage::record).map(ConsumerRecord::value).toList();
    }

    private static CompletionStage<?> commit(List<CommittableMessage<String, String>> messages) {
        return CommittableOffsetBatch.of(messages.stream().map(CommittableMessage::committableOffset).toList())
                .commit();
    }

    private long polled() {
        return consumer.position(partition(0)) + consumer.position(partition(1));
    }

    @Test
    void withoutDemandEveryPartitionIsPaused() {
        consumer.assignPartitions(0, 1);
        Control control = run(consumer.settings());
        await().until(() -> control.assignment().size() == 2);
        await().during(QUIET).atMost(QUIET.multipliedBy(4)).until(() -> consumer.paused().size() == 2);

        probe.request(1).next();
        int twoPolls = 2 * FakeConsumer.POLL_RECORDS; // one that is taken, one ahead
        await().during(QUIET).atMost(QUIET.multipliedBy(4))
                .until(() -> consumer.paused().size() == 2 && polled() == twoPolls);
        probe.request(FakeConsumer.POLL_RECORDS - 1).next(FakeConsumer.POLL_RECORDS - 1);
        await().during(QUIET).atMost(QUIET.multipliedBy(4)).until(() -> consumer.paused().size() == 2
                && polled() == twoPolls && probe.isQuiet());
        probe.cancel();
    }

    @Test
    void lagIsWhatTheStreamWasNotGiven() throws Exception {
        consumer.assignPartitions(0);
        Control control = run(consumer.settings());
        await().until(() -> control.assignment().contains(partition(0)));
        assertThat(get(control.lag())).isEqualTo(Map.of(partition(0), 100L));
        probe.request(3).next(3);
        assertThat(get(control.lag())).isEqualTo(Map.of(partition(0), 97L));
        get(control.shutdown());
        assertThat(control.lag().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aPartitionThatIsTakenAwayIsCommittedFirstAndNotAfterwards() throws Exception {
        consumer.assignPartitions(0);
        Control control = run(consumer.settings());
        List<CommittableMessage<String, String>> messages = probe.request(5).next(5);
        get(commit(messages.subList(0, 3)));
        assertThat(consumer.lastCommit(0)).isEqualTo(3);

        consumer.assignPartitions(1);
        await().until(() -> control.assignment().contains(partition(1)));
        get(commit(messages));
        assertThat(consumer.lastCommit(0)).as("of the one who has it now").isEqualTo(3);
        assertThat(values(probe.request(10).next(10))).as("nothing of the partition that went")
                .allMatch(value -> value.startsWith("1/"));

        consumer.assignPartitions(0, 1);
        await().until(() -> control.assignment().contains(partition(0)));
        get(commit(messages));
        assertThat(consumer.lastCommit(0)).as("it came back, but others may have been further").isEqualTo(3);
        get(control.shutdown());
    }

    @Test
    void stopLeavesTheConsumerForCommitsUntilShutdown() throws Exception {
        consumer.assignPartitions(0);
        Control control = run(consumer.settings());
        List<CommittableMessage<String, String>> messages = probe.request(5).next(5);
        get(control.stop());
        probe.completed();
        get(commit(messages));
        assertThat(consumer.lastCommit(0)).isEqualTo(5);
        assertThat(consumer.closed()).isFalse();
        get(control.shutdown());
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void whoHasEnoughCanStillCommitWhatHeWasGiven() throws Exception {
        consumer.assignPartitions(0);
        Control control = run(consumer.settings());
        List<CommittableMessage<String, String>> messages = probe.request(5).next(5);
        probe.cancel();
        await().during(QUIET).atMost(QUIET.multipliedBy(4)).until(() -> !consumer.closed());
        get(commit(messages));
        get(control.isShutdown());
        assertThat(consumer.lastCommit(0)).isEqualTo(5);
    }

    @Test
    void whatIsNeverCommittedHoldsTheConsumerForTheStopTimeoutOnly() throws Exception {
        consumer.assignPartitions(0);
        Control control = run(consumer.settings().withStopTimeout(QUIET));
        probe.request(5).next(5);
        probe.cancel();
        get(control.isShutdown());
        assertThat(consumer.lastCommit(0)).isNull();
    }

    @Test
    void aFailureOfTheClientFailsTheStreamAndClosesTheConsumer() throws Exception {
        var refusal = new GroupAuthorizationException("g");
        consumer.setPollException(refusal);
        Control control = run(consumer.settings());
        assertThat(probe.request(1).failure()).isSameAs(refusal);
        get(control.isShutdown());
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aConsumerThatCannotBeMadeFailsTheStream() throws Exception {
        var refusal = new IllegalStateException("no");
        Control control = run(consumer.settings().withConsumerFactory(settings -> {
            throw refusal;
        }));
        assertThat(probe.request(1).failure()).isSameAs(refusal);
        get(control.isShutdown());
    }

    @Test
    void eachPartitionHasItsOwnDemand() throws Exception {
        consumer.assignPartitions(0, 1);
        var partitions = new DemandProbe<Pair<TopicPartition, Source<CommittableMessage<String, String>, NotUsed>>>();
        Control control = Consumer.committablePartitionedSource(consumer.settings(), TOPIC)
                .toMat(Sink.fromSubscriber(partitions), Keep.left()).run(system);
        var first = partitions.request(2).next();
        var second = partitions.next();
        first.second().runWith(Sink.fromSubscriber(probe), system);
        var other = new DemandProbe<CommittableMessage<String, String>>();
        second.second().runWith(Sink.fromSubscriber(other), system);

        other.request(15).next(15);
        await().during(QUIET).atMost(QUIET.multipliedBy(4)).until(() -> consumer.position(first.first()) == 0);
        probe.request(1).next();

        consumer.assignPartitions(second.first().partition());
        probe.completed();
        assertThat(other.request(20).next(20)).hasSize(20);

        consumer.assignPartitions(0, 1);
        var again = partitions.request(1).next();
        assertThat(again.first()).isEqualTo(first.first());
        get(control.shutdown());
        partitions.completed();
        other.completed();
    }

    @Test
    void aSourceOfAPartitionThatFailsEndsAll() throws Exception {
        consumer.assignPartitions(0);
        var failure = new IllegalStateException("planned");
        var control = Consumer.plainPartitionedSource(consumer.settings(), TOPIC)
                .toMat(Sink.foreach(pair -> pair.second().map(record -> {
                    throw failure;
                }).runWith(Sink.ignore(), system)), Keep.both()).run(system);
        assertThat(control.second().handle((done, cause) -> cause).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isSameAs(failure);
        get(control.first().isShutdown());
    }
}
