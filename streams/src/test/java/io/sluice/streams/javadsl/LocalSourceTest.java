package io.sluice.streams.javadsl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.streams.DemandProbe;
import io.sluice.streams.LocalLogs;
import io.sluice.streams.OnePartition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources over a log of this node: demand reaches it, and a partition may change between it and the client at any time. */
class LocalSourceTest {

    private static final int RECORDS = 300;
    private static final Duration QUIET = Duration.ofMillis(200);

    private static ActorSystem system;

    @TempDir
    Path directory;

    private OnePartition partition;

    @BeforeAll
    static void start() {
        system = ActorSystem.create("local-source");
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @BeforeEach
    void fill() {
        partition = new OnePartition(directory);
        for (int i = 0; i < RECORDS; i++) {
            append();
        }
    }

    /** Appends the record that the client would find there. */
    private void append() {
        partition.append(Compression.NONE,
                new SimpleRecord(1, null, ("0/" + partition.endOffset()).getBytes(UTF_8)));
    }

    @AfterEach
    void close() {
        partition.close();
    }

    @Test
    void aSlowSinkHasItsReadAheadReadAndNoMore() throws Exception {
        int batch = partition.log().view().tryRead(0, 1, true).length();
        var probe = new DemandProbe<ConsumerRecord<String, String>>();
        var control = Consumer
                .plainSource(new FakeConsumer(0).settings().withLocalLogs(name -> partition.log())
                        .withReadAhead(10 * batch), Subscriptions.assignment(FakeConsumer.partition(0)))
                .toMat(Sink.fromSubscriber(probe), Keep.left()).run(system);
        await().during(QUIET).atMost(QUIET.multipliedBy(4)).until(() -> partition.reads.get() == 1); // that of this test
        probe.request(1).next();
        await().until(() -> partition.reads.get() == 3); // the chunk it needs, and one ahead
        probe.request(4).next(4);
        await().during(QUIET).atMost(QUIET.multipliedBy(4)).until(() -> partition.reads.get() == 3);
        List<ConsumerRecord<String, String>> rest = probe.request(RECORDS).next(RECORDS - 5);
        assertThat(rest).extracting(ConsumerRecord::offset).last().isEqualTo(RECORDS - 1L);
        append();
        assertThat(probe.next().offset()).as("what was waited for").isEqualTo(RECORDS);
        control.shutdown().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(partition.waiters.get()).isZero();
    }

    @Test
    void demandReadsAChunkAheadAndWaitsUntilThatIsBegun() {
        for (int i = 0; i < 4; i++) {
            partition.append(Compression.NONE, IntStream.range(0, 5).mapToObj(n -> new SimpleRecord(1, new byte[200]))
                    .toArray(SimpleRecord[]::new));
        }
        int batch = partition.log().view().tryRead(RECORDS, 1, true).length();
        partition.reads.set(0);
        var probe = new DemandProbe<ConsumerRecord<String, String>>();
        Consumer.plainSource(
                new FakeConsumer(0).settings().withLocalLogs(name -> partition.log())
                        .withReadAhead(2 * (2 * batch + batch / 2)),
                Subscriptions.assignmentWithOffset(Map.of(FakeConsumer.partition(0), (long) RECORDS)))
                .runWith(Sink.fromSubscriber(probe).withAttributes(Attributes.inputBuffer(1, 1)), system);
        probe.request(10).next(10);
        await().during(QUIET).atMost(QUIET.multipliedBy(4)).until(() -> partition.reads.get() == 2 && probe.isQuiet());
        assertThat(partition.waiters).as("two batches a chunk, and no look beyond").hasValue(0);
        assertThat(probe.request(1).next().offset()).isEqualTo(RECORDS + 10L);
        await().until(() -> partition.waiters.get() == 1);
        probe.request(RECORDS).next(9);
        probe.cancel();
        await().until(() -> partition.waiters.get() == 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noRecordIsLostOrRepeatedWhileTheLeaderComesAndGoes(long seed) throws Exception {
        var random = new Random(seed);
        var local = new ArrayList<Boolean>();
        LocalLogs comesAndGoes = name -> { // asked on the consumer's thread
            local.add(random.nextBoolean());
            return local.getLast() ? partition.log() : null;
        };
        List<String> values = Consumer
                .plainSource(new FakeConsumer(RECORDS).settings().withLocalLogs(comesAndGoes).withReadAhead(500),
                        Subscriptions.assignment(FakeConsumer.partition(0)))
                .map(ConsumerRecord::value).take(RECORDS).runWith(Sink.seq(), system).toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(values).isEqualTo(IntStream.range(0, RECORDS).mapToObj(i -> "0/" + i).toList());
        assertThat(local).contains(true, false);
    }
}
