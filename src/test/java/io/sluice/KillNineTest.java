package io.sluice;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
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
                    LoadProducer.awaitAcknowledgements(producers, 1 + random.nextInt(ACKNOWLEDGEMENTS_MAX),
                            "round " + round + ", seed " + seed);
                    node.kill();
                    node.start();
                }
                LoadProducer.awaitAcknowledgements(producers, 1000, "after the last round, seed " + seed);
                for (LoadProducer producer : producers) {
                    producer.finish();
                }
                node.restart();
                Ledger.verify(producers, JavaClients.readAll(node.bootstrap(), TOPIC, PARTITIONS));
            } finally {
                producers.forEach(LoadProducer::close);
            }
            node.log().assertNoUnexpectedError();
        }
    }
}
