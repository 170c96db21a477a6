package io.sluice.streams.javadsl;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;

/** The control of a source that runs on a {@link ConsumerLoop}. */
final class LoopControl<K, V> implements io.sluice.streams.javadsl.Consumer.Control {

    private final ConsumerLoop<K, V> loop;
    private final Runnable stopSource;
    private final CompletionStage<Done> stopped;

    /**
     * @param stopSource has the source complete, without closing the consumer; any thread, any number of times
     * @param stopped completes when the source has
     */
    LoopControl(ConsumerLoop<K, V> loop, Runnable stopSource, CompletionStage<Done> stopped) {
        this.loop = loop;
        this.stopSource = stopSource;
        this.stopped = stopped;
    }

    @Override
    public CompletionStage<Done> stop() {
        stopSource.run();
        return stopped;
    }

    @Override
    public CompletionStage<Done> shutdown() {
        return stop().thenCompose(done -> {
            loop.close();
            return loop.closed();
        });
    }

    @Override
    public <T> CompletionStage<T> drainAndShutdown(CompletionStage<T> streamCompletion, Executor executor) {
        return stop().thenCompose(done -> streamCompletion)
                .handleAsync((result, failure) -> shutdown().thenCompose(done -> failure == null
                        ? CompletableFuture.completedStage(result)
                        : CompletableFuture.<T>failedStage(failure)), executor)
                .thenCompose(result -> result);
    }

    @Override
    public CompletionStage<Done> isShutdown() {
        return loop.closed();
    }

    @Override
    public Set<TopicPartition> assignment() {
        return loop.assignment();
    }

    @Override
    public CompletionStage<List<PartitionInfo>> partitionsFor(String topic) {
        return loop.ask(consumer -> consumer.partitionsFor(topic));
    }

    @Override
    public CompletionStage<Map<TopicPartition, Long>> lag() {
        return loop.ask(consumer -> {
            Collection<OwnedPartition> owned = loop.owned();
            Map<TopicPartition, Long> ends = consumer
                    .endOffsets(owned.stream().map(OwnedPartition::partition).toList());
            Map<TopicPartition, Long> lag = new HashMap<>();
            for (OwnedPartition partition : owned) {
                long next = partition.delivered() >= 0
                        ? partition.delivered()
                        : consumer.position(partition.partition());
                lag.put(partition.partition(), Math.max(0, ends.get(partition.partition()) - next));
            }
            return lag;
        });
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        Consumer<K, V> consumer = loop.consumer();
        return consumer == null ? Map.of() : consumer.metrics();
    }
}
