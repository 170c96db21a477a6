package io.sluice.actors.replication;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The replicas of partitions, as the cluster image has them. A log that is no partition's belongs to this node alone. A partition whose one
 * replica is here is not replicated either, which spares it everything that replication costs.
 */
public final class ImageReplicaSets implements ReplicaSets {
    private static final int FIRST_VERSION = 0;
    private static final ReplicaSet UNKNOWN = new ReplicaSet(FIRST_VERSION, List.of());

    private final Supplier<ClusterImage> image;
    private final ReplicaId self;

    /**
     * @param image what this node knows of the cluster; null until it knows anything
     * @param self this node's disk
     */
    public ImageReplicaSets(Supplier<ClusterImage> image, ReplicaId self) {
        this.image = image;
        this.self = self;
    }

    @Override
    public Optional<Replicas> of(String log) {
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
    public boolean isKnown(String log) {
        return configuration(log).filter(set -> set.members().contains(self)).isPresent();
    }

    @Override
    public CompletionStage<ReplicaSet> inForce(String log) {
        return CompletableFuture.completedFuture(configuration(log).orElse(UNKNOWN));
    }

    @Override
    public CompletionStage<ReplicaSet> compareAndSet(String log, ReplicaSet next) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("the replicas of " + log + " do not change"));
    }
}
