package io.sluice.persistence.replicated;

import com.typesafe.config.ConfigFactory;
import io.sluice.persistence.SluicePersistenceSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshots;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import scala.jdk.javaapi.OptionConverters;

/** {@link ThreeNodes} with an actor system each, whose snapshot stores and journals use the replicated logs. */
final class SnapshotNodes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final ThreeNodes nodes;
    private final Path directory;
    private final ActorSystem[] systems = new ActorSystem[3];

    SnapshotNodes(Path directory) {
        this.directory = directory;
        nodes = new ThreeNodes(directory);
        IntStream.range(0, 3).forEach(this::startSystem);
    }

    private void startSystem(int i) {
        systems[i] = ActorSystem.create("node-" + i, ActorSystemSetup.create(
                BootstrapSetup.create(ConfigFactory.parseString("""
                        pekko.loglevel = WARNING
                        pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                        pekko.log-dead-letters = off
                        pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                        pekko.actor.allow-java-serialization = on
                        pekko.actor.warn-about-java-serializer-usage = off
                        pekko.persistence.journal.plugin = "sluice.persistence.journal"
                        pekko.persistence.snapshot-store.plugin = "sluice.persistence.snapshot-store"
                        """).withFallback(ConfigFactory.load())),
                new SluicePersistenceSetup(nodes.store(i))));
    }

    ActorSystem system(int i) {
        return systems[i];
    }

    /** Stops a node, its actors first. */
    void stop(int i) {
        systems[i].terminate();
        try {
            systems[i].getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the actor system does not stop", e);
        }
        systems[i] = null;
        nodes.stop(i);
    }

    /** Saves a snapshot on a node and returns the store's answer. */
    Object save(int node, long sequenceNr, String state) {
        return ask(node, new SaveSnapshot(SnapshotMetadata.apply(ThreeNodes.LOG, sequenceNr), state));
    }

    /** Loads the newest snapshot on a node: its state, null if there is none, or the store's answer if it fails. */
    Object load(int node) {
        Object answer = ask(node,
                new LoadSnapshot(ThreeNodes.LOG, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE));
        return answer instanceof LoadSnapshotResult result
                ? OptionConverters.toJava(result.snapshot()).map(s -> s.snapshot()).orElse(null)
                : answer;
    }

    /** Deletes all snapshots up to a sequence number. */
    Object delete(int node, long upTo) {
        return ask(node,
                new DeleteSnapshots(ThreeNodes.LOG, SnapshotSelectionCriteria.create(upTo, Long.MAX_VALUE)));
    }

    private Object ask(int node, Object message) {
        TestKit probe = new TestKit(systems[node]);
        ActorRef store = Persistence.get(systems[node]).snapshotStoreFor(null, ConfigFactory.empty());
        store.tell(message, probe.getRef());
        return probe.receiveOne(PATIENCE);
    }

    /** Sequence numbers of the snapshots on a node's disk. */
    List<Long> stored(int node) {
        return files(node).stream().map(f -> Long.valueOf(f.getFileName().toString().replaceAll("-.*", ""))).sorted()
                .toList();
    }

    /** The file of a snapshot on a node's disk. */
    Path file(int node, long sequenceNr) {
        return files(node).stream().filter(f -> f.getFileName().toString().startsWith(sequenceNr + "-")).findFirst()
                .orElseThrow();
    }

    private List<Path> files(int node) {
        try (Stream<Path> all = Files.list(directory.resolve("node-" + node + "/snapshots/" + ThreeNodes.LOG))) {
            return all.filter(f -> f.toString().endsWith(".snapshot")).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < 3; i++) {
            if (systems[i] != null) {
                stop(i);
            }
        }
        nodes.close();
    }
}
