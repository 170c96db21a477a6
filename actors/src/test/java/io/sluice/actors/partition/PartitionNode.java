package io.sluice.actors.partition;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.config.TopicSettingsCache;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.ClusterImages;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.LiveImage;
import io.sluice.actors.image.MemberView;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.persistence.SluicePersistence;
import io.sluice.persistence.SluicePersistenceSetup;
import io.sluice.persistence.log.LogStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.cluster.Cluster;

/** One node with partitions on a real journal, and an image that the test sets as a controller would. */
final class PartitionNode implements AutoCloseable {

    private static final String DISK = "disk";

    final ActorSystem system;
    final LogStore store;
    final LocalPartitions partitions;
    private final Images images;

    private PartitionNode(ActorSystem system, LogStore store, LocalPartitions partitions, Images images) {
        this.system = system;
        this.store = store;
        this.partitions = partitions;
        this.images = images;
    }

    /** Starts a node that knows these topics. */
    static PartitionNode start(Path directory, String settings, TopicImage... topics) {
        return start(directory, settings, UnaryOperator.identity(), topics);
    }

    /** Starts a node on a store that the test has put something around. */
    static PartitionNode start(Path directory, String settings, UnaryOperator<LogStore> around,
            TopicImage... topics) {
        Config config = ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.parseMap(Map.of("sluice.persistence.dir", directory.toString())))
                .withFallback(ConfigFactory.parseString(
                        """
                                pekko.loglevel = WARNING
                                pekko.actor.provider = cluster
                                pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                                pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                                pekko.cluster.sharding.retry-interval = 100ms
                                pekko.cluster { periodic-tasks-initial-delay = 10ms, leader-actions-interval = 50ms, gossip-interval = 50ms }
                                pekko.coordinated-shutdown { exit-jvm = off, run-by-actor-system-terminate = off }
                                sluice.partition.sweep-interval = 50ms
                                """))
                .withFallback(ConfigFactory.load());
        LogStore store = around.apply(SluicePersistence.open(config));
        ActorSystem system = ActorSystem.create("sluice",
                ActorSystemSetup.create(BootstrapSetup.create(config), new SluicePersistenceSetup(store)));
        Cluster cluster = Cluster.get(system);
        cluster.join(cluster.selfAddress());
        String address = cluster.selfAddress().toString();
        Images images = new Images(address);
        images.change(metadata -> metadata.withClusterId("test")
                .withNode(new NodeImage(0, DISK, "127.0.0.1", 9092, null, address, false)));
        for (TopicImage topic : topics) {
            images.change(metadata -> metadata.withTopic(topic));
        }
        LocalPartitions partitions = LocalPartitions.start(system, store, images,
                new TopicSettingsCache(StaticConfigs.NONE),
                PartitionSettings.read(system.settings().config(), 86_400_000, 300_000));
        return new PartitionNode(system, store, partitions, images);
    }

    static TopicImage topic(String name, int partitions, Map<String, String> configs) {
        return new TopicImage(Uuid.randomUuid(), name, Collections.nCopies(partitions, List.of(0)), configs);
    }

    static PartitionRef ref(TopicImage topic, int partition) {
        return new PartitionRef(topic.id(), topic.name(), partition);
    }

    void put(TopicImage topic) {
        images.change(metadata -> metadata.withTopic(topic));
    }

    void delete(TopicImage topic) {
        images.change(metadata -> metadata.withoutTopic(topic.id()));
    }

    AppendOutcome append(PartitionRef ref, ByteBuffer batch) {
        return get(partitions.append(ref, batch));
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Ends the node without a hand-off, as if it had been killed: no actor saves anything. */
    @Override
    public void close() {
        partitions.close();
        system.terminate();
        get(system.getWhenTerminated());
    }

    private static final class Images implements ClusterImages {
        private final AtomicReference<ClusterMetadata> metadata = new AtomicReference<>(ClusterMetadata.EMPTY);
        private final List<Consumer<ClusterImage>> listeners = new ArrayList<>();
        private final MemberView members;
        private volatile ClusterImage current;
        private long version;

        Images(String address) {
            members = new MemberView(Set.of(address), address);
        }

        synchronized void change(UnaryOperator<ClusterMetadata> change) {
            current = LiveImage.of(metadata.updateAndGet(change), ++version, DISK, members);
            listeners.forEach(listener -> listener.accept(current));
        }

        @Override
        public ClusterImage current() {
            return current;
        }

        @Override
        public synchronized Subscription subscribe(Consumer<ClusterImage> listener) {
            listeners.add(listener);
            listener.accept(current);
            return () -> listeners.remove(listener);
        }
    }
}
