package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.streams.javadsl.CommitterSettings;
import io.sluice.streams.javadsl.ConsumerSettings;
import io.sluice.streams.javadsl.ProducerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An actor system for the streams of a test class, and their settings for the class's node. */
final class StreamsNode implements BeforeAllCallback, AfterAllCallback {

    /** Commits soon, so that tests need not wait. */
    static final CommitterSettings COMMITTER = CommitterSettings.create().withMaxInterval(Duration.ofMillis(50));

    private static final long LIMIT_SECONDS = 30;

    private final NodeExtension node;
    private ActorSystem system;

    StreamsNode(NodeExtension node) {
        this.node = node;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        system = ActorSystem.create("streams");
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    ActorSystem system() {
        return system;
    }

    /** A member of a group that starts at the beginning. */
    ConsumerSettings<String, String> consumer(String group) {
        return ConsumerSettings.create(new StringDeserializer(), new StringDeserializer())
                .withBootstrapServers(node.bootstrap()).withGroupId(group)
                .withProperty("auto.offset.reset", "earliest");
    }

    ProducerSettings<String, String> producer() {
        return ProducerSettings.create(new StringSerializer(), new StringSerializer())
                .withBootstrapServers(node.bootstrap());
    }

    /** Fills a topic, round robin over its partitions; the key of a record is its number, and so is its value where none is given. */
    void fill(String topic, int partitions, int records, IntFunction<String> value) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (var producer = JavaClients.producer(node.bootstrap(), "linger.ms", "5")) {
            for (int i = 0; i < records; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, i % partitions, String.valueOf(i).getBytes(UTF_8),
                        value.apply(i).getBytes(UTF_8))));
            }
            producer.flush();
        }
        assertThat(sent).allSatisfy(record -> assertThat(record).succeedsWithin(Duration.ZERO));
    }

    /** The offsets committed for a group. */
    Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return JavaClients.get(node.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    /** The result of a stage, within the time limit. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().toString(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("not done within " + LIMIT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
