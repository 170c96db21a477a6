package io.sluice.actors.sharding;

import io.sluice.actors.image.ClusterImage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.ShardRegion;

/** Starts shard regions whose shards are replica lists: an entity runs on the node that leads its partition. */
public final class ReplicaSharding {

    private ReplicaSharding() {
    }

    /**
     * Starts this node's region for a kind of entity. It takes {@link EntityEnvelope}s only. Entities are neither passivated nor remembered by the
     * region: that is their own business.
     *
     * @param type name of the kind; part of the actors' paths
     * @param image what this node knows of the cluster
     * @param stop what an entity is told when its shard moves
     */
    public static ActorRef start(ActorSystem system, String type, Props props, Supplier<ClusterImage> image,
            Object stop) {
        ClusterShardingSettings settings = ClusterShardingSettings.create(system).withNoPassivationStrategy()
                .withRememberEntities(false);
        return ClusterSharding.get(system).start(type, props, settings, new Extractor(),
                new ReplicaListAllocation(image, Cluster.get(system).selfAddress()), stop);
    }

    private static final class Extractor implements ShardRegion.MessageExtractor {

        @Override
        public String entityId(Object message) {
            return message instanceof EntityEnvelope envelope ? envelope.entityId() : null;
        }

        @Override
        public Object entityMessage(Object message) {
            return message instanceof EntityEnvelope envelope ? envelope.content() : message;
        }

        @Override
        public String shardId(Object message) {
            return message instanceof EntityEnvelope envelope ? envelope.shardId() : null;
        }
    }
}
