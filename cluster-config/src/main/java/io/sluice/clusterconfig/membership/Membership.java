package io.sluice.clusterconfig.membership;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Cluster;

/** Makes an actor system a member of its cluster. */
public final class Membership {

    private Membership() {
    }

    /**
     * Joins the cluster, or forms it if that is this node's part; tries until it succeeds or the system ends.
     *
     * @param seeds the seeds' addresses, the same list on each node; empty if this node is the first
     * @param memory the file that keeps who the members were when this node last ran
     * @param clusterId the cluster that this node's data belongs to, null while it is new; asked at any time, by any thread
     * @param formTimeout how long the first seed waits for word from the others before it forms the cluster without them
     * @return completed once the node is a member that takes part, with true if it began a new cluster; failed with {@link JoinRefusedException} if it must not be one
     */
    public static CompletableFuture<Boolean> join(ActorSystem system, List<Address> seeds, Path memory,
            Supplier<String> clusterId, Duration formTimeout) {
        CompletableFuture<Boolean> joined = new CompletableFuture<>();
        JoinRules rules = new JoinRules(Cluster.get(system).selfAddress(), seeds, MemberMemory.read(memory),
                clusterId.get(),
                formTimeout);
        system.actorOf(CrashProbe.props(), "sluice-crash-probe");
        system.actorOf(MemberMemory.props(memory), "sluice-member-memory");
        system.actorOf(SeedActor.props(rules, clusterId, joined), SeedActor.NAME);
        return joined;
    }

    /**
     * Says that a connection with another member ended. It is looked whether its process is gone, and if so the member is down well before the failure
     * detector's heartbeats are missed. On any thread; does not block.
     */
    public static void connectionLost(ActorSystem system, Address member) {
        system.eventStream().publish(new CrashProbe.ConnectionLost(member));
    }
}
