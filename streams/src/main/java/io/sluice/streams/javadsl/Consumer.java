package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import io.sluice.streams.javadsl.Subscriptions.AutoSubscription;
import io.sluice.streams.javadsl.Subscriptions.Subscription;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Sources over topics. Each run of a source has a consumer and a thread of its own, stays in its group however slow the stream is, and fetches only what
 * there is demand for, within {@link ConsumerSettings#withReadAhead}. A source fails with what the client throws: a refused authentication, records that
 * cannot be deserialised, an offset out of range with {@code auto.offset.reset=none}. Nodes that cannot be reached are no failure: it waits for them.
 */
public final class Consumer {

    private Consumer() {
    }

    /** Records without offsets to commit. With a group and {@code enable.auto.commit}, what the source holds ahead of the stream counts as done. */
    public static <K, V> Source<ConsumerRecord<K, V>, Control> plainSource(ConsumerSettings<K, V> settings,
            Subscription subscription) {
        return Source.fromGraph(new ConsumerStage<>(settings, subscription, Element.plain(), false));
    }

    /** Records with the offset to commit when they are done: at least once, with {@link Committer} as the stream's end. */
    public static <K, V> Source<CommittableMessage<K, V>, Control> committableSource(ConsumerSettings<K, V> settings,
            Subscription subscription) {
        return Source.fromGraph(
                new ConsumerStage<>(settings.withoutAutoCommit(), subscription, Element.committable(), true));
    }

    /**
     * Records whose offset is committed before they are emitted: none comes twice, and those under way when the program dies are lost. One commit per
     * record, one after the other.
     */
    public static <K, V> Source<ConsumerRecord<K, V>, Control> atMostOnceSource(ConsumerSettings<K, V> settings,
            Subscription subscription) {
        return committableSource(settings, subscription)
                .mapAsync(1, message -> message.committableOffset().commitIfHeld()
                        .thenApply(
                                committed -> committed ? List.of(message.record()) : List.<ConsumerRecord<K, V>>of()))
                .mapConcat(records -> records);
    }

    /**
     * A source for each partition the group assigns, each with its own demand. A source completes when its partition is taken away; if the partition
     * comes back, so does a new source, from the offset committed. Each can run once. When one is cancelled by a failure, all fail; when one just ends,
     * its partition rests until the next assignment.
     */
    public static <K, V> Source<Pair<TopicPartition, Source<ConsumerRecord<K, V>, NotUsed>>, Control> plainPartitionedSource(
            ConsumerSettings<K, V> settings, AutoSubscription subscription) {
        return Source.fromGraph(new PartitionedStage<>(settings, subscription, Element.plain(), false));
    }

    /** As {@link #plainPartitionedSource}, with the offsets to commit. */
    public static <K, V> Source<Pair<TopicPartition, Source<CommittableMessage<K, V>, NotUsed>>, Control> committablePartitionedSource(
            ConsumerSettings<K, V> settings, AutoSubscription subscription) {
        return Source.fromGraph(
                new PartitionedStage<>(settings.withoutAutoCommit(), subscription, Element.committable(), true));
    }

    /** For {@code toMat(Committer.sink(…), Consumer::createDrainingControl)}: the control and the stream's completion in one. */
    public static <T> DrainingControl<T> createDrainingControl(Control control, CompletionStage<T> streamCompletion) {
        return new DrainingControl<>(control, streamCompletion);
    }

    /** Controls a running source. Safe for any thread. */
    public interface Control {

        /** Emits nothing more and completes the source. The consumer stays, so that what was emitted can be committed, until {@link #shutdown}. */
        CompletionStage<Done> stop();

        /** Completes the source, commits what was asked for so far, and leaves the group. Completes when the consumer is closed. */
        CompletionStage<Done> shutdown();

        /**
         * Stops, waits for the stream to complete, which commits all that was emitted, then shuts down. Fails if the stream does, once shut down.
         *
         * @param streamCompletion what the stream's sink materialised
         * @param executor runs what follows the stream's completion
         * @return with the stream's result
         */
        <T> CompletionStage<T> drainAndShutdown(CompletionStage<T> streamCompletion, Executor executor);

        /** Completes when the consumer is closed, for whatever reason. */
        CompletionStage<Done> isShutdown();

        /** The partitions assigned now. */
        Set<TopicPartition> assignment();

        /** The partitions of a topic with their leaders and replicas. Fails once the consumer is closed, as those below. */
        CompletionStage<List<PartitionInfo>> partitionsFor(String topic);

        /** How many records (offsets, to be exact) of each partition assigned are ahead of what the stream was given. Asks the leaders. */
        CompletionStage<Map<TopicPartition, Long>> lag();

        /** The client's metrics; empty before it has started. */
        Map<MetricName, ? extends Metric> metrics();
    }

    /**
     * A control and the completion of its stream.
     *
     * @param control the source's control
     * @param streamCompletion what the stream's sink materialised
     */
    public record DrainingControl<T>(Control control, CompletionStage<T> streamCompletion) {

        /** {@link Control#drainAndShutdown} with the stream's own completion. */
        public CompletionStage<T> drainAndShutdown(Executor executor) {
            return control.drainAndShutdown(streamCompletion, executor);
        }

        /** {@link Control#shutdown}. */
        public CompletionStage<Done> shutdown() {
            return control.shutdown();
        }

        /** {@link Control#isShutdown}. */
        public CompletionStage<Done> isShutdown() {
            return control.isShutdown();
        }
    }
}
