package io.sluice.actors.partition;

import io.sluice.actors.image.ClusterImage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.ShardRegion;

/** Sets up the one shard region type of all partitions. */
final class PartitionSharding {

    /** Name of the entity type; part of the actors' paths. */
    static final String TYPE = "partition";

    private PartitionSharding() {
    }

    /** Starts this node's shard region. */
    static ActorRef start(ActorSystem system, PartitionContext context, Supplier<ClusterImage> image) {
        // Partitions passivate themselves: only they and the edge know whether somebody reads.
        ClusterShardingSettings settings = ClusterShardingSettings.create(system).withNoPassivationStrategy()
                .withRememberEntities(false);
        return ClusterSharding.get(system).start(TYPE, PartitionEntity.props(context), settings, new Extractor(),
                new ReplicaListAllocation(image, Cluster.get(system).selfAddress()), EntityCommand.STOP);
    }

    /** Takes entity and shard from {@link Activate}, the only message that goes through the region. */
    private static final class Extractor implements ShardRegion.MessageExtractor {

        @Override
        public String entityId(Object message) {
            return message instanceof Activate activate ? activate.persistenceId() : null;
        }

        @Override
        public Object entityMessage(Object message) {
            return message;
        }

        @Override
        public String shardId(Object message) {
            return message instanceof Activate activate ? activate.shardId() : null;
        }
    }
}
