package io.sluice;

import static io.sluice.StreamsNode.COMMITTER;
import static io.sluice.StreamsNode.get;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.streams.javadsl.Committer;
import io.sluice.streams.javadsl.Consumer;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableOffset;
import io.sluice.streams.javadsl.ConsumerSettings;
import io.sluice.streams.javadsl.Producer;
import io.sluice.streams.javadsl.ProducerMessage;
import io.sluice.streams.javadsl.Subscriptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reactive streams against a node, in groups of both protocols. */
class StreamsTest {

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.initial.rebalance.delay.ms", "0");

    @RegisterExtension
    static final StreamsNode streams = new StreamsNode(node);

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private static long committed(String group) {
        return streams.committed(group).values().stream().mapToLong(offset -> offset.offset()).sum();
    }

    @Test
    void whatIsProducedArrivesInOrder() {
        String topic = node.createTopic(1);
        get(Source.from(numbers(0, 2000)).map(n -> new ProducerRecord<>(topic, n, "v" + n))
                .runWith(Producer.plainSink(streams.producer()), streams.system()));

        List<ConsumerRecord<String, String>> read = get(Consumer
                .plainSource(streams.consumer("plain"), Subscriptions.assignment(new TopicPartition(topic, 0)))
                .take(2000).runWith(Sink.seq(), streams.system()));
        assertThat(read).extracting(ConsumerRecord::key).isEqualTo(numbers(0, 2000));
        assertThat(read).allSatisfy(record -> assertThat(record.value()).isEqualTo("v" + record.key()));
    }

    @Test
    void beginsAtAnOffsetOrATime() {
        String topic = node.createTopic(1);
        var partition = new TopicPartition(topic, 0);
        get(Source.from(numbers(0, 10)).map(n -> new ProducerRecord<>(topic, 0, 1000L + Long.parseLong(n), n, n))
                .runWith(Producer.plainSink(streams.producer()), streams.system()));
        for (var subscription : List.of(Subscriptions.assignmentWithOffset(partition, 7),
                Subscriptions.assignmentOffsetsForTimes(partition, 1007))) {
            assertThat(get(Consumer.plainSource(streams.consumer("begin"), subscription).take(3)
                    .map(ConsumerRecord::value).runWith(Sink.seq(), streams.system())))
                    .isEqualTo(numbers(7, 10));
        }
        var probe = new ArrayList<String>();
        var control = Consumer.plainSource(streams.consumer("begin"),
                Subscriptions.assignmentOffsetsForTimes(partition, 5000)).toMat(Sink.foreach(r -> probe.add(r.value())),
                        Keep.left())
                .run(streams.system());
        assertThat(get(control.lag())).as("from the end").isEqualTo(Map.of(partition, 0L));
        get(control.shutdown());
        assertThat(probe).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void commitsAndResumesWhereItCommitted(String protocol) {
        String topic = node.createTopic(3);
        String group = "resume-" + protocol;
        streams.fill(topic, 3, 900, String::valueOf);
        ConsumerSettings<String, String> settings = streams.consumer(group).withProperty("group.protocol", protocol);

        List<String> first = get(Consumer.committableSource(settings, Subscriptions.topics(topic)).take(400)
                .via(commitAndPass()).runWith(Sink.seq(), streams.system()));
        await().until(() -> committed(group) == 400);
        List<String> rest = get(Consumer.committableSource(settings, Subscriptions.topics(topic)).take(500)
                .via(commitAndPass()).runWith(Sink.seq(), streams.system()));

        assertThat(first).doesNotContainAnyElementsOf(rest).hasSize(400);
        assertThat(rest).doesNotHaveDuplicates().hasSize(500);
        await().until(() -> committed(group) == 900);
    }

    private static Flow<CommittableMessage<String, String>, String, NotUsed> commitAndPass() {
        return Flow.<CommittableMessage<String, String>>create()
                .alsoTo(Committer.sink(COMMITTER).contramap(CommittableMessage::committableOffset))
                .map(message -> message.record().value());
    }

    @Test
    void drainAndShutdownCommitsAllThatWasEmitted() {
        String topic = node.createTopic(2);
        streams.fill(topic, 2, 5000, String::valueOf);
        var seen = new AtomicInteger();
        var control = Consumer.committableSource(streams.consumer("drain"), Subscriptions.topics(topic))
                .map(message -> {
                    seen.incrementAndGet();
                    return message.committableOffset();
                })
                .toMat(Committer.sink(COMMITTER.withMaxInterval(Duration.ofMinutes(1)).withMaxBatch(700)),
                        Consumer::createDrainingControl)
                .run(streams.system());
        await().until(() -> seen.get() > 1000);
        get(control.drainAndShutdown(Runnable::run));

        assertThat(control.isShutdown().toCompletableFuture()).isCompleted();
        assertThat(committed("drain")).isEqualTo(seen.get());
        assertThat(node.admin()).satisfies(admin -> assertThat(JavaClients
                .get(admin.describeConsumerGroups(List.of("drain")).all()).get("drain").members()).isEmpty());
    }

    @Test
    void atMostOnceHasCommittedWhatItEmits() {
        String topic = node.createTopic(1);
        streams.fill(topic, 1, 20, String::valueOf);
        List<Long> committed = get(Consumer.atMostOnceSource(streams.consumer("once"), Subscriptions.topics(topic))
                .map(record -> committed("once") - record.offset()).take(20).runWith(Sink.seq(), streams.system()));
        assertThat(committed).allSatisfy(ahead -> assertThat(ahead).isPositive());
        assertThat(committed("once")).isEqualTo(20);
    }

    @Test
    void fromTopicToTopicAtLeastOnce() {
        String in = node.createTopic(2);
        String out = node.createTopic(2);
        streams.fill(in, 2, 1000, String::valueOf);
        var control = Consumer.committableSource(streams.consumer("copy"), Subscriptions.topics(in))
                .map(message -> {
                    var record = new ProducerRecord<>(out, message.record().key(), message.record().value());
                    int n = Integer.parseInt(message.record().value());
                    return n % 3 == 0
                            ? ProducerMessage.<String, String, CommittableOffset>passThrough(
                                    message.committableOffset())
                            : ProducerMessage.multi(List.of(record, record), message.committableOffset());
                })
                .toMat(Producer.committableSink(streams.producer(), COMMITTER), Consumer::createDrainingControl)
                .run(streams.system());
        await().until(() -> committed("copy") == 1000);
        get(control.drainAndShutdown(Runnable::run));
        assertThat(JavaClients.readAll(node.bootstrap(), out, 2)).hasSize(666 * 2);
    }

    @Test
    void aPatternAndASourceForEachPartition() {
        String topic = node.createTopic(4);
        streams.fill(topic, 4, 400, String::valueOf);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        var control = Consumer.committablePartitionedSource(streams.consumer("parts"),
                Subscriptions.topicPattern("to.*" + topic.substring(topic.indexOf('-'))))
                .flatMapMerge(8, pair -> pair.second())
                .map(message -> {
                    seen.add(message.record().value());
                    return message.committableOffset();
                })
                .toMat(Committer.sink(COMMITTER), Consumer::createDrainingControl).run(streams.system());
        await().until(() -> committed("parts") == 400);
        assertThat(control.control().assignment()).hasSize(4);
        assertThat(get(control.control().lag()).values()).containsOnly(0L);
        assertThat(get(control.control().partitionsFor(topic))).hasSize(4);
        get(control.drainAndShutdown(Runnable::run));
        assertThat(seen).hasSize(400);
        assertThat(seen.stream().collect(toSet())).hasSize(400);
    }

    @Test
    void aFailureRestartsWithBackOffWhereItCommitted() {
        String topic = node.createTopic(1);
        streams.fill(topic, 1, 100, String::valueOf);
        var failures = new AtomicInteger(3);
        var control = new AtomicReference<Consumer.Control>();
        Source<Long, NotUsed> source = RestartSource.onFailuresWithBackoff(
                RestartSettings.create(Duration.ofMillis(10), Duration.ofMillis(100), 0.2),
                () -> Consumer.committableSource(streams.consumer("restart"), Subscriptions.topics(topic))
                        .mapMaterializedValue(c -> {
                            control.set(c);
                            return NotUsed.getInstance();
                        })
                        .mapAsync(1, message -> {
                            if (message.record().offset() % 25 == 24 && failures.getAndDecrement() > 0) {
                                throw new IllegalStateException("planned");
                            }
                            return message.committableOffset().commit().thenApply(done -> message.record().offset());
                        }));
        List<Long> offsets = get(source.take(100).runWith(Sink.seq(), streams.system()));
        assertThat(offsets).isEqualTo(IntStream.range(0, 100).mapToObj(Long::valueOf).toList());
        get(control.get().isShutdown());
    }
}
