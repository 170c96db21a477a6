package io.sluice.clusterconfig;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.sluice.actors.config.TopicSettingsCache;
import io.sluice.actors.controller.ControllerNode;
import io.sluice.actors.controller.MetadataReplication;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.replication.ImageReplicaSets;
import io.sluice.clusterconfig.membership.ReplicaAddresses;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.net.BindException;
import io.sluice.persistence.replicated.Replication;
import io.sluice.persistence.replicated.ReplicationSettings;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.net.NetSettings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;

/**
 * This node's replication. It listens before the node is a member, because members tell each other where they listen; until then, and until there is an
 * image of the cluster, it knows nobody and answers nobody.
 */
final class NodeReplication {
    private final DataDirectory data;
    private final Replication replication;
    private final ReplicaId self;
    private volatile Cluster cluster;
    private volatile boolean foundsCluster;
    private volatile Supplier<ClusterImage> image = () -> null;

    private NodeReplication(NodeSettings settings, DataDirectory data) {
        this.data = data;
        self = new ReplicaId(data.diskId());
        Config section = settings.config().getConfig("sluice.replication").withValue("host",
                ConfigValueFactory.fromAnyRef(settings.cluster().host()));
        NetSettings net = NetSettings.read(section);
        replication = Replication.start(
                new Replication.Node(data.store(), self,
                        new ImageReplicaSets(() -> image.get(), self, this::disks, () -> foundsCluster,
                                new TopicSettingsCache(settings.broker())),
                        this::addressOf,
                        () -> data.clusterId() == null ? "" : data.clusterId()),
                net, ReplicationSettings.leading(section));
    }

    /**
     * Listens for other nodes.
     *
     * @throws StartException if the settings are wrong or the address cannot be bound
     */
    static NodeReplication start(NodeSettings settings, DataDirectory data) {
        try {
            return new NodeReplication(settings, data);
        } catch (BindException e) {
            throw new StartException(ExitCode.CLUSTER_ADDRESS,
                    "cannot listen for replication: " + e.getMessage() + "; see sluice.replication.port", e);
        } catch (IllegalArgumentException e) {
            throw StartException.setting(e.getMessage());
        }
    }

    /** All logs of the node. */
    LogStore store() {
        return replication.store();
    }

    /** What membership tells the others of this. */
    Config memberConfig() {
        return ReplicaAddresses.config(data.diskId(), replication.address().getPort());
    }

    /** The node is a member, perhaps of a cluster that it began. */
    void joined(ActorSystem system, boolean foundedCluster) {
        foundsCluster = foundedCluster;
        cluster = Cluster.get(system);
    }

    /** The replication of the controller's log. */
    MetadataReplication ofMetadata() {
        return new MetadataReplication() {
            @Override
            public String self() {
                return self.diskId();
            }

            @Override
            public void learn(String diskId) {
                replication.learn(ControllerNode.LOG, new ReplicaId(diskId));
            }

            @Override
            public boolean isCaughtUp(String diskId) {
                return replication.isCaughtUp(ControllerNode.LOG, new ReplicaId(diskId));
            }

            @Override
            public boolean mayChangeTo(List<String> diskIds) {
                return replication.mayChangeTo(ControllerNode.LOG, diskIds.stream().map(ReplicaId::new).toList());
            }
        };
    }

    private Set<ReplicaId> disks() {
        Cluster members = cluster;
        return members == null ? Set.of() : ReplicaAddresses.disks(members.state());
    }

    /** The node has an image of the cluster. */
    void follows(Supplier<ClusterImage> images) {
        image = images;
    }

    private Optional<InetSocketAddress> addressOf(ReplicaId replica) {
        Cluster members = cluster;
        return members == null ? Optional.empty() : ReplicaAddresses.of(replica, members.state());
    }
}
