package io.sluice.bench;

import com.typesafe.config.ConfigFactory;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.config.TopicSettingsCache;
import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.controller.ControllerNode;
import io.sluice.actors.controller.MetadataReplication;
import io.sluice.actors.controller.NodeRegistration;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.AppendOutcome;
import io.sluice.actors.partition.LocalPartitions;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.PartitionSettings;
import io.sluice.persistence.SluicePersistence;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The actor round trip: from {@code Partitions.append} through validation, the partition's actor, the journal and the log back to the completed
 * answer. {@code one} waits for each append; {@code pipelined} has five under way, as an idempotent producer does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PartitionAppendBenchmark {
    private static final int PIPELINED = 5;
    private static final int BATCH_BYTES = 16 << 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private Path directory;
    private ActorSystem system;
    private LocalPartitions partitions;
    private PartitionRef ref;
    private final List<ByteBuffer> batches = new ArrayList<>();

    @Setup
    public void start() throws Exception {
        directory = TemporaryDirectory.create();
        system = ActorSystem.create("sluice", ConfigFactory.parseString("""
                pekko.loglevel = WARNING
                pekko.actor.provider = cluster
                pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                pekko.coordinated-shutdown.exit-jvm = off
                pekko.persistence.journal.plugin = "sluice.persistence.journal"
                pekko.persistence.snapshot-store.plugin = "sluice.persistence.snapshot-store"
                sluice.persistence.log.flush = os
                """).withFallback(ConfigFactory.parseMap(Map.of("sluice.persistence.dir", directory.toString())))
                .withFallback(ConfigFactory.load()));
        Cluster cluster = Cluster.get(system);
        cluster.join(cluster.selfAddress());
        StaticConfigs statics = StaticConfigs.of(Map.of());
        ControllerNode node = ControllerNode
                .start(Adapter.toTyped(system), new NodeRegistration("disk", null, "127.0.0.1", 1), statics,
                        MetadataReplication.alone("disk"))
                .toCompletableFuture().get(20, TimeUnit.SECONDS);
        partitions = LocalPartitions.start(system, SluicePersistence.get(system).store(), node.images(),
                new TopicSettingsCache(statics),
                PartitionSettings.read(system.settings().config(), 86_400_000, 300_000));
        NewTopic topic = new NewTopic("bench", 1, (short) 1, null,
                Map.of("flush.mode", "os", "retention.bytes", "536870912", "segment.bytes", "268435456"));
        TopicImage created = node.controller().createTopics(List.of(topic), false, TIMEOUT).toCompletableFuture()
                .get(20, TimeUnit.SECONDS).get("bench").value();
        ref = new PartitionRef(created.id(), created.name(), 0);
        for (int i = 0; i < PIPELINED; i++) {
            batches.add(Batches.direct(BATCH_BYTES, 100));
        }
    }

    @Benchmark
    public long one() {
        return offsetOf(append(batches.get(0)));
    }

    @Benchmark
    @OperationsPerInvocation(PIPELINED)
    public long pipelined() {
        List<CompletableFuture<AppendOutcome>> answers = new ArrayList<>(PIPELINED);
        for (ByteBuffer batch : batches) {
            answers.add(append(batch));
        }
        long last = 0;
        for (CompletableFuture<AppendOutcome> answer : answers) {
            last = offsetOf(answer);
        }
        return last;
    }

    private CompletableFuture<AppendOutcome> append(ByteBuffer batch) {
        Batches.place(batch, 0, -1); // as a producer sends it
        return partitions.append(ref, batch).toCompletableFuture();
    }

    private static long offsetOf(CompletableFuture<AppendOutcome> answer) {
        AppendOutcome outcome = answer.join();
        if (outcome.error() != Errors.NONE) {
            throw new IllegalStateException(outcome.error() + ": " + outcome.message());
        }
        return outcome.baseOffset();
    }

    @TearDown
    public void stop() throws Exception {
        partitions.close();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        TemporaryDirectory.delete(directory);
    }
}
