package io.sluice.clusterconfig.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice bench}: a small load, to see what a cluster can do from here. */
@Command(name = "bench", description = "Sends or reads records as fast as it can, and tells rates and latencies.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
public final class BenchCommand extends CommandGroup {
    private static final long SEED = 1;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final double MICROS_PER_MS = 1000;

    @Mixin
    private Connection connection;

    @Command(name = "produce", description = "Sends records of random bytes; the latency is from handing a record to the client to its acknowledgement.", mixinStandardHelpOptions = true, sortOptions = false)
    void produce(@Parameters(paramLabel = "TOPIC", description = "Where the records go.") String topic,
            @Option(names = "--records", paramLabel = "N", defaultValue = "1000000", description = "How many; default ${DEFAULT-VALUE}.") long records,
            @Option(names = "--size", paramLabel = "BYTES", defaultValue = "100", description = "Size of each value; default ${DEFAULT-VALUE}.") int size,
            @Option(names = "--rate", paramLabel = "N", description = "At most so many in a second; default as many as it can.") Long rate,
            @Mixin ProducerOptions options) {
        if (records < 1 || size < 0 || (rate != null && rate < 1)) {
            throw new CommandException(ExitCode.USAGE, "--records and --rate are at least 1, --size is not negative");
        }
        Map<String, Object> properties = connection.properties();
        options.addTo(properties, connection);
        byte[] value = new byte[size];
        new Random(SEED).nextBytes(value);
        LatencyHistogram latencies = new LatencyHistogram();
        AtomicReference<Exception> failure = new AtomicReference<>();
        long begin = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> producer = connection.create(
                () -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
                Progress progress = Progress.of(spec.commandLine().getErr(), "records", records)) {
            for (long i = 0; i < records && failure.get() == null; i++) {
                if (rate != null) {
                    LockSupport.parkNanos(begin + (long) (i * 1e9 / rate) - System.nanoTime());
                }
                progress.at(i);
                long sent = System.nanoTime();
                // callbacks come one after the other, from the client's own thread
                Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, value),
                        (metadata, problem) -> {
                            if (problem != null) {
                                failure.compareAndSet(null, problem);
                            }
                            latencies.add((System.nanoTime() - sent) / 1000);
                        });
            }
            producer.flush();
            if (failure.get() != null) {
                producer.close(Duration.ZERO);
                throw connection.failure(failure.get());
            }
        } catch (KafkaException e) {
            throw connection.failure(e);
        }
        Rate reached = new Rate(records, records * size, Duration.ofNanos(System.nanoTime() - begin));
        output.print(new Table("records", "records per second", "megabytes per second", "p50 ms", "p95 ms", "p99 ms",
                "max ms").row(records, Math.round(reached.recordsPerSecond()), rounded(reached.megabytesPerSecond()),
                        ms(latencies.percentile(0.5)), ms(latencies.percentile(0.95)), ms(latencies.percentile(0.99)),
                        ms(latencies.largest())));
    }

    @Command(name = "consume", description = "Reads records from the beginning of all partitions.", mixinStandardHelpOptions = true, sortOptions = false)
    void consume(@Parameters(paramLabel = "TOPIC", description = "What to read.") String topic,
            @Option(names = "--records", paramLabel = "N", defaultValue = "1000000", description = "At most so many; default ${DEFAULT-VALUE}.") long records) {
        Map<String, Object> properties = connection.properties();
        properties.put("enable.auto.commit", false);
        properties.put("allow.auto.create.topics", false);
        properties.put("default.api.timeout.ms", (int) connection.deliveryTimeout().toMillis());
        properties.put("request.timeout.ms", connection.requestTimeoutMs());
        try (KafkaConsumer<byte[], byte[]> consumer = connection.create(() -> new KafkaConsumer<>(properties,
                new ByteArrayDeserializer(), new ByteArrayDeserializer()))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, connection.timeout()).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition())).toList();
            if (partitions.isEmpty()) {
                throw new CommandException(ExitCode.NOT_FOUND,
                        "there is no topic " + topic + "; see sluice topics list");
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Rate reached = read(consumer, consumer.endOffsets(partitions), records);
            output.print(new Table("records", "bytes", "records per second", "megabytes per second").row(
                    reached.records(), reached.bytes(), Math.round(reached.recordsPerSecond()),
                    rounded(reached.megabytesPerSecond())));
        } catch (KafkaException e) {
            throw connection.failure(e);
        }
    }

    private Rate read(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, long most) {
        long begin = System.nanoTime();
        long heard = begin;
        long records = 0;
        long bytes = 0;
        long expected = ends.entrySet().stream()
                .mapToLong(end -> end.getValue() - consumer.position(end.getKey())).sum();
        try (Progress progress = Progress.of(spec.commandLine().getErr(), "records", Math.min(most, expected))) {
            while (records < most
                    && ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                ConsumerRecords<byte[], byte[]> some = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : some) {
                    records++;
                    bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
                }
                progress.at(records);
                if (!some.isEmpty()) {
                    heard = System.nanoTime();
                } else if (System.nanoTime() - heard > connection.timeout().toNanos()) {
                    throw new TimeoutException("no records came");
                }
            }
        }
        return new Rate(records, bytes, Duration.ofNanos(System.nanoTime() - begin));
    }

    private static double ms(long micros) {
        return rounded(micros / MICROS_PER_MS);
    }

    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }
}
