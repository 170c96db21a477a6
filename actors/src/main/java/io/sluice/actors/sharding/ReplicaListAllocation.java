package io.sluice.actors.sharding;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.placement.Placement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.sharding.ShardCoordinator;
import org.apache.pekko.dispatch.Futures;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Puts each shard on the node that the cluster image names as the leader of its replica list, and moves it back there when that node returns. No
 * other node may have it: clients are sent to the leader that the image names.
 */
final class ReplicaListAllocation extends ShardCoordinator.AbstractShardAllocationStrategy {

    private final Supplier<ClusterImage> image;
    private final Address self;

    /**
     * @param image what this node knows of the cluster
     * @param self this node's cluster address
     */
    ReplicaListAllocation(Supplier<ClusterImage> image, Address self) {
        this.image = image;
        this.self = self;
    }

    @Override
    public Future<ActorRef> allocateShard(ActorRef requester, String shardId,
            Map<ActorRef, IndexedSeq<String>> current) {
        ActorRef region = regionFor(shardId, regionsByAddress(current.keySet()));
        // A failure makes the coordinator try again after its retry interval.
        return region != null
                ? Futures.successful(region)
                : Futures.failed(new IllegalStateException("no node that can lead " + shardId + " is up"));
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> current, Set<String> inProgress) {
        Map<String, ActorRef> regions = regionsByAddress(current.keySet());
        Set<String> misplaced = new HashSet<>();
        current.forEach((region, shards) -> CollectionConverters.asJava(shards).forEach(shardId -> {
            ActorRef right = regionFor(shardId, regions);
            if (right != null && !right.equals(region) && !inProgress.contains(shardId)) {
                misplaced.add(shardId);
            }
        }));
        return Futures.successful(misplaced);
    }

    private ActorRef regionFor(String shardId, Map<String, ActorRef> regions) {
        Map<Integer, NodeImage> nodes = image.get().nodes();
        List<Integer> replicas = Placement.replicasOf(shardId);
        int leader = Placement.leaderFor(replicas, id -> nodes.containsKey(id) && nodes.get(id).alive());
        return leader == Placement.NO_LEADER ? null : regions.get(nodes.get(leader).address());
    }

    private Map<String, ActorRef> regionsByAddress(Set<ActorRef> regions) {
        Map<String, ActorRef> byAddress = HashMap.newHashMap(regions.size());
        for (ActorRef region : regions) {
            Address address = region.path().address();
            byAddress.put((address.hasLocalScope() ? self : address).toString(), region);
        }
        return byAddress;
    }
}
