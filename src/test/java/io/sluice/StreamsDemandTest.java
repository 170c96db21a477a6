package io.sluice;

import static io.sluice.StreamsNode.COMMITTER;
import static io.sluice.StreamsNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.streams.javadsl.Committer;
import io.sluice.streams.javadsl.Consumer;
import io.sluice.streams.javadsl.Consumer.Control;
import io.sluice.streams.javadsl.Consumer.DrainingControl;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableOffset;
import io.sluice.streams.javadsl.ConsumerSettings;
import io.sluice.streams.javadsl.Subscriptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream takes from the node, and what it keeps in its group, when it takes little. */
class StreamsDemandTest {

    private static final int READ_AHEAD = 256 * 1024;
    private static final int VALUE_BYTES = 4 * 1024;
    private static final int PARTITIONS = 6;

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.initial.rebalance.delay.ms", "0",
            "group.min.session.timeout.ms", "500", "group.consumer.min.heartbeat.interval.ms", "200",
            "group.consumer.heartbeat.interval.ms", "200");

    @RegisterExtension
    static final StreamsNode streams = new StreamsNode(node);

    /** Asks for one element at a time. */
    private static <T> Sink<T, SinkQueueWithCancel<T>> oneByOne() {
        return Sink.<T>queue().withAttributes(Attributes.inputBuffer(1, 1));
    }

    private static double received(Control control) {
        return control.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("incoming-byte-total")
                        && metric.getKey().group().equals("consumer-metrics"))
                .map(Map.Entry::getValue).map(Metric::metricValue).mapToDouble(value -> (double) value).sum();
    }

    private static <T> T next(SinkQueueWithCancel<T> queue) {
        CompletionStage<Optional<T>> pulled = queue.pull();
        return get(pulled).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aSinkThatTakesOneRecordAtATimeHasNoMoreReadThanTheReadAhead(String protocol) {
        String topic = node.createTopic(PARTITIONS);
        streams.fill(topic, PARTITIONS, 5000, i -> "x".repeat(VALUE_BYTES)); // 20 MB
        ConsumerSettings<String, String> settings = streams.consumer("demand-" + protocol)
                .withProperty("group.protocol", protocol).withProperty("max.poll.records", "10")
                .withReadAhead(READ_AHEAD);
        var run = Consumer.plainSource(settings, Subscriptions.topics(topic)).toMat(oneByOne(), Keep.both())
                .run(streams.system());
        Control control = run.first();
        for (int taken = 1; taken <= 100; taken++) {
            ConsumerRecord<String, String> record = next(run.second());
            assertThat(record.value()).hasSize(VALUE_BYTES);
            // what was taken, a read-ahead held by the source and one by the client, and what the protocol says beside records
            assertThat(received(control)).isLessThan(taken * VALUE_BYTES * 1.1 + 2 * READ_AHEAD + 100 * 1024);
        }
        double before = received(control);
        await().during(Duration.ofMillis(700)).atMost(Duration.ofSeconds(3))
                .until(() -> received(control) - before < 5000);
        run.second().cancel();
        get(control.isShutdown());
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aSinkSlowerThanEveryTimeoutStaysInItsGroup(String protocol) {
        String topic = node.createTopic(1);
        String group = "slow-" + protocol;
        streams.fill(topic, 1, 100, String::valueOf);
        ConsumerSettings<String, String> settings = streams.consumer(group)
                .withProperty("group.protocol", protocol).withProperty("max.poll.interval.ms", "1000");
        if (protocol.equals("classic")) {
            settings = settings.withProperty("session.timeout.ms", "1000").withProperty("heartbeat.interval.ms", "200");
        }
        var run = Consumer.committableSource(settings, Subscriptions.topics(topic)).toMat(oneByOne(), Keep.both())
                .run(streams.system());
        CommittableMessage<String, String> message = next(run.second());
        String member = onlyMember(group);
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(5))
                .until(() -> onlyMember(group).equals(member) && run.first().assignment().size() == 1);
        get(message.committableOffset().commit());
        assertThat(streams.committed(group).get(new TopicPartition(topic, 0)).offset()).isEqualTo(1);
        assertThat(next(run.second()).record().offset()).isEqualTo(1);
        get(run.first().shutdown());
    }

    private static String onlyMember(String group) {
        return JavaClients.get(node.admin().describeConsumerGroups(List.of(group)).all()).get(group).members().stream()
                .map(member -> member.consumerId()).reduce((one, other) -> "more than one").orElse("none");
    }

    /** Streams come and go; each record comes, and none again whose offset had been committed before. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void churnLosesNothingAndRepeatsOnlyWhatWasNotCommitted(String protocol) {
        String topic = node.createTopic(PARTITIONS);
        var churn = new Churn(topic, streams.consumer("churn-" + protocol).withProperty("group.protocol", protocol)
                .withProperty("interceptor.classes", CommitWitness.class.getName())
                .withProperty("max.poll.records", "20"));
        int written = 0;
        for (int round = 0; round < 6; round++) {
            churn.start();
            int more = written + 600;
            int from = written;
            streams.fill(topic, PARTITIONS, 600, i -> String.valueOf(from + i));
            int half = written + 200;
            await().atMost(Duration.ofSeconds(20)).until(() -> churn.seen.size() >= half);
            if (round % 2 == 1) {
                churn.stopOldest(round % 4 == 1);
            }
            written = more;
        }
        int all = written;
        await().atMost(Duration.ofSeconds(20)).until(() -> IntStream.range(0, PARTITIONS)
                .mapToLong(partition -> CommitWitness.committed(new TopicPartition(topic, partition))).sum() == all);
        await("every partition with one owner").until(() -> churn.assigned().size() == PARTITIONS
                && Set.copyOf(churn.assigned()).size() == PARTITIONS);
        churn.stopAll();
        assertThat(churn.seen).hasSize(all);
        assertThat(churn.unexplained).isEmpty();
    }

    /** Streams of one group that note what they see and what is committed. */
    private static final class Churn {
        private final String topic;
        private final ConsumerSettings<String, String> settings;
        private final Deque<DrainingControl<Done>> running = new ArrayDeque<>();
        private final Set<String> seen = ConcurrentHashMap.newKeySet();
        private final Queue<String> unexplained = new ConcurrentLinkedQueue<>();

        Churn(String topic, ConsumerSettings<String, String> settings) {
            this.topic = topic;
            this.settings = settings;
        }

        void start() {
            running.add(Consumer.committableSource(settings, Subscriptions.topics(topic)).map(this::note)
                    .toMat(Committer.sink(COMMITTER), Consumer::createDrainingControl).run(streams.system()));
        }

        private CommittableOffset note(
                CommittableMessage<String, String> message) {
            ConsumerRecord<String, String> record = message.record();
            long done = CommitWitness.committed(message.committableOffset().partition());
            if (record.offset() < done) {
                unexplained.add(message.committableOffset() + " although " + done + " was committed");
            }
            seen.add(record.value());
            return message.committableOffset();
        }

        void stopOldest(boolean gently) {
            DrainingControl<Done> oldest = running.remove();
            get(gently ? oldest.drainAndShutdown(Runnable::run) : oldest.shutdown());
        }

        List<TopicPartition> assigned() {
            return running.stream().flatMap(control -> control.control().assignment().stream()).toList();
        }

        void stopAll() {
            while (!running.isEmpty()) {
                stopOldest(true);
            }
        }
    }
}
