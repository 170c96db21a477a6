package io.sluice.actors.replication;

import io.sluice.actors.config.TopicSettingsCache;
import io.sluice.actors.controller.ControllerNode;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.persistence.replicated.ReplicaSets;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The replicas of partitions, as the cluster image has them, and of the controller's log, which says so itself. A log of anybody else belongs to this node
 * alone. A partition whose one replica is here is not replicated either, which spares it everything that replication costs.
 */
public final class ImageReplicaSets implements ReplicaSets {
    private static final int FIRST_VERSION = 0;
    private static final ReplicaSet UNKNOWN = new ReplicaSet(FIRST_VERSION, List.of());

    private final Supplier<ClusterImage> image;
    private final ReplicaId self;
    private final Supplier<Set<ReplicaId>> members;
    private final BooleanSupplier foundsCluster;
    private final TopicSettingsCache settings;

    /**
     * @param image what this node knows of the cluster; null until it knows anything
     * @param self this node's disk
     * @param members the disks of all members of the cluster
     * @param foundsCluster whether this node began the cluster, so that the controller's log begins here
     * @param settings settings in force by topic
     */
    public ImageReplicaSets(Supplier<ClusterImage> image, ReplicaId self, Supplier<Set<ReplicaId>> members,
            BooleanSupplier foundsCluster, TopicSettingsCache settings) {
        this.image = image;
        this.self = self;
        this.members = members;
        this.foundsCluster = foundsCluster;
        this.settings = settings;
    }

    @Override
    public Optional<Replicas> of(String log) {
        if (log.equals(ControllerNode.LOG)) {
            return Optional.of(new Replicas.SelfHosted(members.get(), foundsCluster.getAsBoolean()));
        }
        return configuration(log).filter(set -> !set.members().equals(List.of(self))).map(Replicas.Versioned::new);
    }

    private Optional<ReplicaSet> configuration(String log) {
        return PartitionRef.ofPersistenceId(log).map(this::of);
    }

    private ReplicaSet of(PartitionRef ref) {
        ClusterImage now = image.get();
        TopicImage topic = now == null ? null : now.topic(ref.topicId()).orElse(null);
        if (topic == null || !topic.hasPartition(ref.partition())) {
            return UNKNOWN;
        }
        List<ReplicaId> members = new ArrayList<>();
        for (int node : topic.replicas().get(ref.partition())) {
            NodeImage known = now.nodes().get(node);
            if (known == null) {
                return UNKNOWN;
            }
            members.add(new ReplicaId(known.diskId()));
        }
        return new ReplicaSet(FIRST_VERSION, members);
    }

    @Override
    public int minInSync(String log) {
        ClusterImage now = image.get();
        return PartitionRef.ofPersistenceId(log).flatMap(ref -> now.topic(ref.topicId()))
                .map(topic -> settings.get(now, topic).minInSyncReplicas()).orElse(1);
    }

    @Override
    public boolean isKnown(String log) {
        return log.equals(ControllerNode.LOG)
                || configuration(log).filter(set -> set.members().contains(self)).isPresent();
    }

    @Override
    public CompletionStage<ReplicaSet> compareAndSet(String log, ReplicaSet next) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("the replicas of " + log + " do not change"));
    }
}
