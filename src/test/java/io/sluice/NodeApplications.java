package io.sluice;

import io.sluice.streams.javadsl.CommitterSettings;
import io.sluice.streams.javadsl.Consumer;
import io.sluice.streams.javadsl.Consumer.DrainingControl;
import io.sluice.streams.javadsl.Producer;
import io.sluice.streams.javadsl.ProducerMessage;
import io.sluice.streams.javadsl.Subscriptions;
import io.sluice.streams.node.NodeStreams;
import io.sluice.streams.node.StreamApplication;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;

/** Applications for tests, and the jar that a node finds them in. */
public final class NodeApplications {

    private static final CommitterSettings SOON = CommitterSettings.create().withMaxInterval(Duration.ofMillis(50));

    private NodeApplications() {
    }

    /** A directory with a jar of these classes; it goes with this JVM. */
    static String jar(Class<?>... classes) {
        try {
            Path directory = Files.createTempDirectory("sluice-applications");
            Path jar = directory.resolve("applications.jar");
            directory.toFile().deleteOnExit();
            jar.toFile().deleteOnExit(); // the later one goes first
            try (OutputStream file = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(file)) {
                for (Class<?> type : classes) {
                    String name = type.getName().replace('.', '/') + ".class";
                    zip.putNextEntry(new ZipEntry(name));
                    try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
                        bytes.transferTo(zip);
                    }
                }
            }
            return directory.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does not start. */
    public static final class Unwilling implements StreamApplication {
        public Unwilling() {
            throw new IllegalStateException("planned");
        }

        @Override
        public List<RunnableGraph<? extends DrainingControl<?>>> streams(NodeStreams node) {
            return List.of();
        }
    }

    /** Copies, a record in some milliseconds, and fails at the first poison that it meets. */
    public static final class Copy implements StreamApplication {
        static final String FROM = "copy-from";
        static final String TO = "copy-to";
        static final String GROUP = "copy";
        static final String POISON = "poison";

        private final AtomicBoolean failed = new AtomicBoolean();

        @Override
        public List<RunnableGraph<? extends DrainingControl<?>>> streams(NodeStreams node) {
            var consumer = node.consumer(new StringDeserializer(), new StringDeserializer()).withGroupId(GROUP)
                    .withProperty("auto.offset.reset", "earliest");
            return List.of(Consumer.committableSource(consumer, Subscriptions.topics(FROM)).mapAsync(1, message -> {
                String value = message.record().value();
                if (value.equals(POISON) && !failed.getAndSet(true)) {
                    throw new IllegalStateException("planned");
                }
                return CompletableFuture.supplyAsync(
                        () -> ProducerMessage.single(new ProducerRecord<String, String>(TO, value),
                                message.committableOffset()),
                        CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS));
            }).toMat(Producer.committableSink(node.producer(new StringSerializer(), new StringSerializer()), SOON),
                    Consumer::createDrainingControl));
        }
    }

    /** Forwards one topic with each of the group protocols to a topic of its own, a record in a millisecond: as key where it was, as value the node's address. */
    public static final class Forward implements StreamApplication {
        static final String FROM = "forward-from";
        static final List<String> PROTOCOLS = List.of("classic", "consumer");

        /** The group that forwards with a protocol, and the topic that it forwards to. */
        static String to(String protocol) {
            return "forward-" + protocol;
        }

        @Override
        public List<RunnableGraph<? extends DrainingControl<?>>> streams(NodeStreams node) {
            return PROTOCOLS.stream().<RunnableGraph<? extends DrainingControl<?>>>map(
                    protocol -> forward(node, protocol)).toList();
        }

        private static RunnableGraph<DrainingControl<Done>> forward(NodeStreams node, String protocol) {
            var consumer = node.consumer(new StringDeserializer(), new StringDeserializer())
                    .withGroupId(to(protocol)).withProperty("group.protocol", protocol)
                    .withProperty("auto.offset.reset", "earliest").withProperty("metadata.max.age.ms", "500")
                    .withProperty("allow.auto.create.topics", "false");
            if (protocol.equals("classic")) {
                consumer = consumer.withProperty("session.timeout.ms", "2000")
                        .withProperty("heartbeat.interval.ms", "200");
            }
            return Consumer.committableSource(consumer, Subscriptions.topics(FROM)).mapAsync(1,
                    message -> CompletableFuture.supplyAsync(
                            () -> ProducerMessage.single(
                                    new ProducerRecord<>(to(protocol), place(message.record()), node.bootstrap()),
                                    message.committableOffset()),
                            CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS)))
                    .toMat(Producer.committableSink(node.producer(new StringSerializer(), new StringSerializer()),
                            SOON), Consumer::createDrainingControl);
        }

        private static String place(ConsumerRecord<?, ?> record) {
            return record.partition() + " " + record.offset();
        }
    }

    /** Reads a topic of two partitions for each command, whose key is the group protocol, and tells how many records it saw in order, and how many bytes its client fetched. */
    public static final class Reader implements StreamApplication {
        static final String COMMANDS = "reader-commands";
        static final String RESULTS = "reader-results";
        static final int RECORDS = 5000;

        @Override
        public List<RunnableGraph<? extends DrainingControl<?>>> streams(NodeStreams node) {
            var commands = node.consumer(new StringDeserializer(), new StringDeserializer()).withGroupId("reader")
                    .withProperty("auto.offset.reset", "earliest");
            return List.of(Consumer.committableSource(commands, Subscriptions.topics(COMMANDS))
                    .mapAsync(1, message -> read(node, message.record().key(), message.record().value())
                            .thenApply(result -> ProducerMessage.single(
                                    new ProducerRecord<String, String>(RESULTS, result),
                                    message.committableOffset())))
                    .toMat(Producer.committableSink(node.producer(new StringSerializer(), new StringSerializer()),
                            SOON), Consumer::createDrainingControl));
        }

        private static CompletionStage<String> read(NodeStreams node, String protocol, String topic) {
            var settings = node.consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .withGroupId("reader-of-" + topic).withProperty("auto.offset.reset", "earliest")
                    .withProperty("group.protocol", protocol);
            var inOrder = new CompletableFuture<Long>();
            long[] next = new long[2];
            var control = Consumer.plainSource(settings, Subscriptions.topics(topic))
                    .to(Sink.foreach(record -> {
                        if (record.offset() == next[record.partition()]) {
                            next[record.partition()]++;
                        }
                        if (next[0] + next[1] == RECORDS) {
                            inOrder.complete(next[0] + next[1]);
                        }
                    })).run(node.system());
            return inOrder.thenCompose(records -> {
                double fetched = control.metrics().values().stream()
                        .filter(metric -> metric.metricName().name().equals("bytes-consumed-total"))
                        .map(Metric::metricValue).mapToDouble(value -> (double) value).sum();
                return control.shutdown().thenApply(closed -> topic + " " + records + " " + fetched);
            });
        }
    }

    /** Takes records slowly, and commits each. */
    public static final class Slow implements StreamApplication {
        static final String TOPIC = "slow";
        static final int READ_AHEAD = 256 * 1024;

        @Override
        public List<RunnableGraph<? extends DrainingControl<?>>> streams(NodeStreams node) {
            var consumer = node.consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer()).withGroupId(TOPIC)
                    .withProperty("auto.offset.reset", "earliest").withProperty("max.poll.interval.ms", "2000")
                    .withReadAhead(READ_AHEAD);
            return List.of(Consumer.committableSource(consumer, Subscriptions.topics(TOPIC))
                    .throttle(1, node.settings().getDuration("slow.every"))
                    .mapAsync(1, message -> message.committableOffset().commit())
                    .toMat(Sink.ignore(), Consumer::createDrainingControl));
        }
    }
}
