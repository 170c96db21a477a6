package io.sluice.clusterconfig;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.sluice.actors.config.TopicSettingsCache;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.controller.ControllerNode;
import io.sluice.actors.controller.MetadataReplication;
import io.sluice.actors.replication.ImageReplicaSets;
import io.sluice.actors.replication.PartitionReplication;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.membership.Membership;
import io.sluice.clusterconfig.membership.ReplicaAddresses;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.net.BindException;
import io.sluice.persistence.replicated.Replication;
import io.sluice.persistence.replicated.ReplicationSettings;
import io.sluice.persistence.replicated.Retirement;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.net.NetSettings;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
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
    private volatile Controller controller;

    private NodeReplication(NodeSettings settings, DataDirectory data, TopicSettingsCache topicSettings) {
        this.data = data;
        self = new ReplicaId(data.diskId());
        Config section = settings.config().getConfig("sluice.replication").withValue("host",
                ConfigValueFactory.fromAnyRef(settings.cluster().host()));
        NetSettings net = NetSettings.read(section);
        replication = Replication.start(
                new Replication.Node(data.store(), self,
                        new ImageReplicaSets(() -> controller, self, this::disks, () -> foundsCluster, topicSettings),
                        this::addressOf,
                        () -> data.clusterId() == null ? "" : data.clusterId(), this::lost),
                net, ReplicationSettings.leading(section), ReplicationSettings.catchUpBytesPerSecond(section));
    }

    /**
     * Listens for other nodes.
     *
     * @param topicSettings settings in force by topic
     * @throws StartException if the settings are wrong or the address cannot be bound
     */
    static NodeReplication start(NodeSettings settings, DataDirectory data, TopicSettingsCache topicSettings) {
        try {
            return new NodeReplication(settings, data, topicSettings);
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

            @Override
            public Optional<Progress> progress() {
                return replication.configuration(ControllerNode.LOG).flatMap(NodeReplication.this::progress);
            }
        };
    }

    private Optional<MetadataReplication.Progress> progress(ReplicaSet replicas) {
        return store().ifOpen(ControllerNode.LOG).map(log -> {
            long end = log.view().logEndOffset();
            Map<String, Long> ends = new HashMap<>();
            replicas.members().forEach(member -> replication.remaining(ControllerNode.LOG, member)
                    .ifPresent(lacking -> ends.put(member.diskId(), end - lacking)));
            return new MetadataReplication.Progress(log.leaderEpoch(), log.view().highWatermark(), ends);
        });
    }

    /** The replication of partitions. */
    PartitionReplication ofPartitions() {
        return new PartitionReplication() {
            @Override
            public Optional<ReplicaSet> configuration(String log) {
                return replication.configuration(log);
            }

            @Override
            public boolean reconfigure(String log, List<ReplicaId> members) {
                return replication.reconfigure(log, members);
            }

            @Override
            public Set<String> ledLogs() {
                return replication.ledLogs();
            }

            @Override
            public List<ReplicaId> inSync(String log) {
                return replication.inSync(log);
            }

            @Override
            public Set<String> storedLogs() {
                return replication.store().persistenceIds();
            }

            @Override
            public CompletionStage<Retirement> retire(String log, int version) {
                return replication.retire(log, version);
            }
        };
    }

    private Set<ReplicaId> disks() {
        Cluster members = cluster;
        return members == null ? Set.of() : ReplicaAddresses.disks(members.state());
    }

    /** The node is registered and has an image of the cluster. */
    void follows(Controller registered) {
        controller = registered;
    }

    private void lost(ReplicaId replica) {
        Cluster members = cluster;
        if (members != null) {
            ReplicaAddresses.member(replica, members.state())
                    .ifPresent(member -> Membership.connectionLost(members.system(), member.address()));
        }
    }

    private Optional<InetSocketAddress> addressOf(ReplicaId replica) {
        Cluster members = cluster;
        return members == null ? Optional.empty() : ReplicaAddresses.of(replica, members.state());
    }
}
