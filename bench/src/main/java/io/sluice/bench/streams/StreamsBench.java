package io.sluice.bench.streams;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Reads the same topic by a stream inside the node and by the plain Java client over loopback, several rounds in turns, and compares records per second
 * and CPU seconds: of the node alone for the stream, of node and client for the client.
 */
public final class StreamsBench {

    private static final int PARTITIONS = 4;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final BenchNode node;
    private final PrintWriter out;

    private StreamsBench(BenchNode node, PrintWriter out) {
        this.node = node;
        this.out = out;
    }

    /** A round with the CPU seconds of everything that took part. */
    private record Figures(Round round, double cpuSeconds) {
        double cpuPerMillion() {
            return cpuSeconds * 1e6 / round.records();
        }
    }

    /** Something to measure. */
    private interface Reading {
        Round run() throws Exception;
    }

    /**
     * Measures.
     *
     * @param arguments the root of the tree, rounds, warm-ups, then {@code bytes:records} for each topic
     */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]).toAbsolutePath();
        int rounds = Integer.parseInt(arguments[1]);
        int warmups = Integer.parseInt(arguments[2]);
        Path directory = Files.createTempDirectory("sluice-bench-streams");
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        try (BenchNode node = BenchNode.start(root, directory)) {
            var bench = new StreamsBench(node, out);
            bench.createTopic(StreamRounds.RESULTS, 1);
            for (String topic : List.of(arguments).subList(3, arguments.length)) {
                String[] parts = topic.split(":", 0);
                bench.compare(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), rounds, warmups);
            }
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }

    private Map<String, Object> client(Object... more) {
        Map<String, Object> properties = new HashMap<>(Map.of("bootstrap.servers", node.bootstrap()));
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return properties;
    }

    private void createTopic(String name, int partitions) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        }
    }

    private void compare(int bytes, int records, int rounds, int warmups) throws Exception {
        String topic = "bench-" + bytes;
        createTopic(topic, PARTITIONS);
        fill(topic, bytes, records);
        List<Figures> inNode = new ArrayList<>();
        List<Figures> overLoopback = new ArrayList<>();
        for (int round = -warmups; round < rounds; round++) {
            Figures stream;
            Figures client;
            if (round % 2 == 0) {
                stream = measure(() -> stream(topic, records), 0);
                client = measure(() -> client(topic, records), 1);
            } else {
                client = measure(() -> client(topic, records), 1);
                stream = measure(() -> stream(topic, records), 0);
            }
            out.printf(Locale.ROOT, "%s %d B: stream %.0f records/s %.2f CPU s, client %.0f records/s %.2f CPU s%n",
                    round < 0 ? "warm-up" : "round " + (round + 1), bytes, stream.round().recordsPerSecond(),
                    stream.cpuSeconds(), client.round().recordsPerSecond(), client.cpuSeconds());
            if (round >= 0) {
                inNode.add(stream);
                overLoopback.add(client);
            }
        }
        report(bytes, "records/s", inNode, overLoopback, figures -> figures.round().recordsPerSecond());
        report(bytes, "CPU s per 10^6", inNode, overLoopback, Figures::cpuPerMillion);
    }

    private void report(int bytes, String figure, List<Figures> inNode, List<Figures> overLoopback,
            ToDoubleFunction<Figures> value) {
        double stream = median(inNode, value);
        double client = median(overLoopback, value);
        out.printf(Locale.ROOT, "%5d B  %-15s stream %12.2f  client %12.2f  ratio %.2f%n", bytes, figure, stream,
                client, stream / client);
    }

    private static double median(List<Figures> figures, ToDoubleFunction<Figures> value) {
        double[] sorted = figures.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** @param clients 1 if this process takes part, else 0 */
    private Figures measure(Reading reading, int clients) throws Exception {
        double before = node.cpuSeconds() + clients * ownCpuSeconds();
        Round round = reading.run();
        return new Figures(round, node.cpuSeconds() + clients * ownCpuSeconds() - before);
    }

    private static double ownCpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    private void fill(String topic, int bytes, int records) throws ExecutionException, InterruptedException {
        byte[] value = new byte[bytes];
        new Random(1).nextBytes(value);
        try (var producer = new KafkaProducer<>(client("linger.ms", 5, "acks", "1", "batch.size", 65536),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            Future<RecordMetadata> last = null;
            for (int i = 0; i < records; i++) {
                last = producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, value));
            }
            producer.flush();
            last.get();
        }
    }

    private Round stream(String topic, int records) throws Exception {
        try (var producer = new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer());
                var consumer = new KafkaConsumer<>(client(), new StringDeserializer(), new StringDeserializer())) {
            var results = new TopicPartition(StreamRounds.RESULTS, 0);
            consumer.assign(List.of(results));
            consumer.seekToEnd(List.of(results));
            consumer.position(results);
            producer.send(new ProducerRecord<>(StreamRounds.COMMANDS, topic + " " + PARTITIONS + " " + records)).get();
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> result : consumer.poll(Duration.ofMillis(100))) {
                    return Round.parse(result.value());
                }
            }
        }
        throw new IllegalStateException("no result from the stream within " + LIMIT);
    }

    private Round client(String topic, int records) {
        var counter = new Round.Counter(records);
        try (var consumer = new KafkaConsumer<>(
                client("auto.offset.reset", "earliest", "enable.auto.commit", "false"), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(IntStream.range(0, PARTITIONS).mapToObj(number -> new TopicPartition(topic, number))
                    .toList());
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (counter.count(record.value())) {
                        return counter.round();
                    }
                }
            }
        }
    }
}
