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
        ActorRef region = regionFor(shardId, current.keySet());
        // A failure makes the coordinator try again after its retry interval.
        return region != null
                ? Futures.successful(region)
                : Futures.failed(new IllegalStateException("no node that can lead " + shardId + " is up"));
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> current, Set<String> inProgress) {
        Map<String, List<String>> shardsByAddress = HashMap.newHashMap(current.size());
        current.forEach(
                (region, shards) -> shardsByAddress.put(addressOf(region), CollectionConverters.asJava(shards)));
        Set<String> misplaced = misplaced(image.get(), shardsByAddress);
        misplaced.removeAll(inProgress);
        return Futures.successful(misplaced);
    }

    /**
     * The shards that another node should have, which is there to take them. What a dead node has is not among them: it cannot hand anything over, and
     * asking it would hold its shards up for the hand-off timeout, while its end frees them by itself.
     *
     * @param shardsByAddress for the cluster address of each node with a region, its shards
     */
    static Set<String> misplaced(ClusterImage image, Map<String, List<String>> shardsByAddress) {
        Set<String> misplaced = new HashSet<>();
        for (NodeImage node : image.nodes().values()) {
            if (node.alive()) {
                for (String shardId : shardsByAddress.getOrDefault(node.address(), List.of())) {
                    String right = leaderAddress(image, shardId);
                    if (right != null && !right.equals(node.address()) && shardsByAddress.containsKey(right)) {
                        misplaced.add(shardId);
                    }
                }
            }
        }
        return misplaced;
    }

    private ActorRef regionFor(String shardId, Set<ActorRef> regions) {
        String address = leaderAddress(image.get(), shardId);
        for (ActorRef region : regions) {
            if (addressOf(region).equals(address)) {
                return region;
            }
        }
        return null;
    }

    private static String leaderAddress(ClusterImage image, String shardId) {
        int leader = image.leader(Placement.replicasOf(shardId));
        return leader == Placement.NO_LEADER ? null : image.nodes().get(leader).address();
    }

    private String addressOf(ActorRef region) {
        Address address = region.path().address();
        return (address.hasLocalScope() ? self : address).toString();
    }
}
