package io.sluice.bench.streams;

import io.sluice.streams.javadsl.CommitterSettings;
import io.sluice.streams.javadsl.Consumer;
import io.sluice.streams.javadsl.Consumer.DrainingControl;
import io.sluice.streams.javadsl.Producer;
import io.sluice.streams.javadsl.ProducerMessage;
import io.sluice.streams.javadsl.Subscriptions;
import io.sluice.streams.node.NodeStreams;
import io.sluice.streams.node.StreamApplication;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.pekko.stream.javadsl.RunnableGraph;

/** Runs in the node: each record of the topic of commands, {@code topic partitions records}, is a round, whose figures go to the topic of results. */
public final class StreamRounds implements StreamApplication {

    static final String COMMANDS = "bench-commands";
    static final String RESULTS = "bench-results";

    @Override
    public List<RunnableGraph<? extends DrainingControl<?>>> streams(NodeStreams node) {
        var commands = node.consumer(new StringDeserializer(), new StringDeserializer()).withGroupId("bench")
                .withProperty("auto.offset.reset", "earliest");
        return List.of(Consumer.committableSource(commands, Subscriptions.topics(COMMANDS))
                .mapAsync(1, message -> round(node, message.record().value().split(" ", 0))
                        .thenApply(round -> ProducerMessage.single(
                                new ProducerRecord<String, String>(RESULTS, round.text()),
                                message.committableOffset())))
                .toMat(Producer.committableSink(node.producer(new StringSerializer(), new StringSerializer()),
                        CommitterSettings.create().withMaxInterval(Duration.ofMillis(50))),
                        Consumer::createDrainingControl));
    }

    private static CompletionStage<Round> round(NodeStreams node, String[] command) {
        var settings = node.consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .withProperty("auto.offset.reset", "earliest");
        var done = new CompletableFuture<Round>();
        var counter = new Round.Counter(Long.parseLong(command[2]));
        var control = Consumer.plainSource(settings, Subscriptions.assignment(partitions(command[0], command[1])))
                .to(org.apache.pekko.stream.javadsl.Sink.foreach(record -> {
                    if (counter.count(record.value())) {
                        done.complete(counter.round());
                    }
                })).run(node.system());
        return done.thenCompose(round -> control.shutdown().thenApply(closed -> round));
    }

    private static Set<TopicPartition> partitions(String topic, String count) {
        return IntStream.range(0, Integer.parseInt(count)).mapToObj(number -> new TopicPartition(topic, number))
                .collect(Collectors.toUnmodifiableSet());
    }
}
