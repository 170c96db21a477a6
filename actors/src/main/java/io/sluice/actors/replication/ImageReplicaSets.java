package io.sluice.actors.replication;

import io.sluice.actors.config.TopicSettingsCache;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.controller.ControllerNode;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.PartitionConfiguration;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.replicated.ReplicaSets;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * The replicas of partitions, as the cluster image has them, and of the controller's log, which says so itself. A log of anybody else belongs to this node
 * alone. A partition whose one replica is here, always was and stays, is not replicated either, which spares it everything that replication costs.
 */
public final class ImageReplicaSets implements ReplicaSets {
    /** Of a log whose topic this node does not know (yet): nobody can claim it. */
    private static final ReplicaSet UNKNOWN = new ReplicaSet(0, List.of());
    /** A leader that does not hear in time asks again. */
    private static final Duration CHANGE_WITHIN = Duration.ofSeconds(5);

    private final Supplier<Controller> controller;
    private final ReplicaId self;
    private final Supplier<Set<ReplicaId>> members;
    private final BooleanSupplier foundsCluster;
    private final TopicSettingsCache settings;

    /**
     * @param controller has the cluster image and changes configurations; null until the node is registered
     * @param self this node's disk
     * @param members the disks of all members of the cluster
     * @param foundsCluster whether this node began the cluster, so that the controller's log begins here
     * @param settings settings in force by topic
     */
    public ImageReplicaSets(Supplier<Controller> controller, ReplicaId self, Supplier<Set<ReplicaId>> members,
            BooleanSupplier foundsCluster, TopicSettingsCache settings) {
        this.controller = controller;
        this.self = self;
        this.members = members;
        this.foundsCluster = foundsCluster;
        this.settings = settings;
    }

    /** A partition as of an image. */
    private record Found(ClusterImage image, TopicImage topic, int partition) {

        PartitionConfiguration configuration() {
            return topic.configuration(partition);
        }

        /** The replicas in force; empty if the image lacks one of their nodes. */
        Optional<ReplicaSet> inForce() {
            return disks(topic.replicas().get(partition)).map(each -> new ReplicaSet(configuration().version(), each));
        }

        private Optional<List<ReplicaId>> disks(List<Integer> ids) {
            List<ReplicaId> disks = new ArrayList<>(ids.size());
            for (int id : ids) {
                NodeImage node = image.nodes().get(id);
                if (node == null) {
                    return Optional.empty();
                }
                disks.add(new ReplicaId(node.diskId()));
            }
            return Optional.of(disks);
        }

        /** Ids of the nodes with these disks; empty if the image lacks one of them. */
        Optional<List<Integer>> nodes(List<ReplicaId> disks) {
            List<Integer> ids = new ArrayList<>(disks.size());
            for (ReplicaId disk : disks) {
                node(image, disk).ifPresent(node -> ids.add(node.id()));
            }
            return ids.size() == disks.size() ? Optional.of(ids) : Optional.empty();
        }
    }

    private static Optional<NodeImage> node(ClusterImage image, ReplicaId disk) {
        return image.nodes().values().stream().filter(node -> node.diskId().equals(disk.diskId())).findFirst();
    }

    private Optional<Found> find(PartitionRef ref) {
        Controller known = controller.get();
        if (known == null) {
            return Optional.empty();
        }
        ClusterImage image = known.image();
        return image.topic(ref.topicId()).filter(topic -> topic.hasPartition(ref.partition()))
                .map(topic -> new Found(image, topic, ref.partition()));
    }

    @Override
    public Optional<Replicas> of(String log) {
        if (log.equals(ControllerNode.LOG)) {
            return Optional.of(new Replicas.SelfHosted(members.get(), foundsCluster.getAsBoolean()));
        }
        Optional<PartitionRef> ref = PartitionRef.ofPersistenceId(log);
        if (ref.isEmpty()) {
            return Optional.empty();
        }
        Optional<Found> found = find(ref.get());
        ReplicaSet inForce = found.flatMap(Found::inForce).orElse(UNKNOWN);
        boolean alone = inForce.members().equals(List.of(self))
                && found.get().configuration().equals(PartitionConfiguration.FIRST);
        return alone ? Optional.empty() : Optional.of(new Replicas.Versioned(inForce));
    }

    @Override
    public Optional<LogConfig> config(String log) {
        return PartitionRef.ofPersistenceId(log).flatMap(this::find)
                .map(found -> settings.get(found.image(), found.topic()).log());
    }

    @Override
    public int minInSync(String log) {
        return PartitionRef.ofPersistenceId(log).flatMap(this::find)
                .map(found -> settings.get(found.image(), found.topic()).minInSyncReplicas()).orElse(1);
    }

    @Override
    public boolean isKnown(String log) {
        if (log.equals(ControllerNode.LOG)) {
            return true;
        }
        return PartitionRef.ofPersistenceId(log).flatMap(this::find)
                .filter(found -> found.topic().replicasAndTarget(found.partition()).contains(found.image().selfId()))
                .isPresent();
    }

    @Override
    public String nameOf(ReplicaId replica) {
        Controller known = controller.get();
        return (known == null ? Optional.<NodeImage>empty() : node(known.image(), replica))
                .map(node -> "node " + node.id()).orElseGet(() -> ReplicaSets.super.nameOf(replica));
    }

    @Override
    public CompletionStage<ReplicaSet> compareAndSet(String log, ReplicaSet next) {
        PartitionRef ref = PartitionRef.ofPersistenceId(log).orElseThrow();
        Optional<List<Integer>> nodes = find(ref).flatMap(found -> found.nodes(next.members()));
        if (nodes.isEmpty()) {
            return unknown(log, "its topic or one of the nodes is not known here");
        }
        return controller.get().setReplicas(ref.topicId(), ref.partition(), next.version(), nodes.get(), CHANGE_WITHIN)
                .thenCompose(result -> result.error() == Errors.NONE
                        ? find(ref).flatMap(Found::inForce).map(CompletableFuture::completedStage)
                                .orElseGet(() -> unknown(log, "its topic is gone"))
                        : unknown(log, result.message()));
    }

    private static CompletionStage<ReplicaSet> unknown(String log, String why) {
        return CompletableFuture
                .failedFuture(new IllegalStateException("the replicas of log " + log + " are not known: " + why));
    }
}
