package io.sluice.clusterconfig.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.persistence.replication.ReplicaId;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;

/**
 * Where the replicas are. Each member says so itself, in its roles, which membership spreads: the disk it has, and the port on which it listens for
 * replication. So the controller's log finds its replicas when nobody has an image of the cluster yet.
 */
public final class ReplicaAddresses {
    private static final String DISK = "disk.";
    private static final String PORT = "replication.";

    private ReplicaAddresses() {
    }

    /** The settings with which an actor system tells the others. */
    public static Config config(String diskId, int port) {
        return ConfigFactory.parseMap(Map.of("pekko.cluster.roles", List.of(DISK + diskId, PORT + port)));
    }

    /** Where the node with a disk listens; empty if it is not a member, or is not known to be one here. */
    public static Optional<InetSocketAddress> of(ReplicaId replica, CurrentClusterState state) {
        return member(replica, state).flatMap(member -> port(member)
                .map(port -> InetSocketAddress.createUnresolved(member.address().getHost().orElseThrow(), port)));
    }

    /** The member with a disk; empty if it is none, or is not known to be one here. */
    public static Optional<Member> member(ReplicaId replica, CurrentClusterState state) {
        for (Member member : state.getMembers()) {
            if (member.hasRole(DISK + replica.diskId())) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** The disks of all members. */
    public static Set<ReplicaId> disks(CurrentClusterState state) {
        Set<ReplicaId> disks = new HashSet<>();
        for (Member member : state.getMembers()) {
            member.getRoles().stream().filter(role -> role.startsWith(DISK))
                    .forEach(role -> disks.add(new ReplicaId(role.substring(DISK.length()))));
        }
        return disks;
    }

    private static Optional<Integer> port(Member member) {
        return member.getRoles().stream().filter(role -> role.startsWith(PORT))
                .map(role -> Integer.valueOf(role.substring(PORT.length()))).findFirst();
    }
}
