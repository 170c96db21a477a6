package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.LoadProducer.Acknowledged;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} under load, again and again: no acknowledged record is lost, none is there twice, each is where its acknowledgement said,
 * and each producer's records are in its order. Three rounds, 20 with {@code -Dsluice.long=true}.
 */
class KillNineTest {

    private static final String TOPIC = "load";
    private static final int PARTITIONS = 3;
    private static final int PRODUCERS = 2;
    private static final int ROUNDS = Boolean.getBoolean("sluice.long") ? 20 : 3;
    /** A round ends at random after at most so many acknowledgements. */
    private static final int ACKNOWLEDGEMENTS_MAX = 15_000;
    private static final Duration PROGRESS_LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"commit", "os"})
    void shouldKeepWhatItAcknowledged(String flush) throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (NodeProcess node = NodeProcess.create("KillNineTest-" + flush, home, Map.of("sluice.log.flush", flush))
                .start()) {
            try (Admin admin = JavaClients.admin(node.bootstrap())) {
                JavaClients.createTopic(admin, TOPIC, PARTITIONS, "segment.bytes", "1048576");
            }
            List<LoadProducer> producers = IntStream.range(0, PRODUCERS)
                    .mapToObj(i -> new LoadProducer("p" + i, node.bootstrap(), TOPIC, PARTITIONS)).toList();
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    awaitAcknowledgements(producers, 1 + random.nextInt(ACKNOWLEDGEMENTS_MAX),
                            "round " + round + ", seed " + seed);
                    node.kill();
                    node.start();
                }
                awaitAcknowledgements(producers, 1000, "after the last round, seed " + seed);
                for (LoadProducer producer : producers) {
                    producer.finish();
                }
                node.restart();
                verify(producers, JavaClients.readAll(node.bootstrap(), TOPIC, PARTITIONS));
            } finally {
                producers.forEach(LoadProducer::close);
            }
            node.log().assertNoUnexpectedError();
        }
    }

    /** Each producer gets so many more records through. */
    private static void awaitAcknowledgements(List<LoadProducer> producers, int count, String description) {
        for (LoadProducer producer : producers) {
            int target = producer.acknowledgedCount() + count;
            Awaitility.await(description).atMost(PROGRESS_LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> {
                assertThat(producer.failures()).as(description).isEmpty();
                return producer.acknowledgedCount() >= target;
            });
        }
    }

    private static void verify(List<LoadProducer> producers, List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Acknowledged> found = new HashMap<>();
        Set<String> twice = new HashSet<>();
        Map<String, Long> lastNumbers = new HashMap<>();
        Map<Integer, Long> nextOffsets = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String value = new String(record.value(), UTF_8);
            if (found.put(value, new Acknowledged(value, record.partition(), record.offset())) != null) {
                twice.add(value);
            }
            int dash = value.indexOf('-');
            long number = Long.parseLong(value.substring(dash + 1));
            Long last = lastNumbers.put(value.substring(0, dash) + "/" + record.partition(), number);
            assertThat(last == null || last < number).as("%s comes after number %s", record, last).isTrue();
            Long expectedOffset = nextOffsets.put(record.partition(), record.offset() + 1);
            assertThat(record.offset()).as("no gap in the offsets")
                    .isEqualTo(expectedOffset == null ? 0 : expectedOffset);
        }
        assertThat(twice).as("records that are there twice").isEmpty();
        for (LoadProducer producer : producers) {
            assertThat(producer.failures()).isEmpty();
            assertThat(producer.acknowledged()).hasSize((int) producer.sent())
                    .allSatisfy(acknowledged -> assertThat(found.get(acknowledged.value())).isEqualTo(acknowledged));
        }
        assertThat(found).hasSize(producers.stream().mapToInt(LoadProducer::acknowledgedCount).sum());
    }
}
