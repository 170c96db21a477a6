package io.sluice.clusterconfig;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.persistence.SluicePersistenceSetup;
import io.sluice.persistence.log.LogStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.cluster.Cluster;

/** This node's actor system as a member of the cluster. */
final class ClusterMember {
    /** Part of every cluster address; nodes with another one do not see each other. */
    static final String SYSTEM = "sluice";

    private final NodeSettings settings;
    private final ActorSystem system;
    private final AtomicBoolean leaving = new AtomicBoolean();

    private ClusterMember(NodeSettings settings, ActorSystem system) {
        this.settings = settings;
        this.system = system;
    }

    /**
     * Starts the actor system and listens on the cluster address.
     *
     * @param store the open data directory, closed with the system
     * @param removed told when the system ends without {@link #leave}
     */
    static ClusterMember start(NodeSettings settings, LogStore store, Runnable removed) {
        ActorSystem system;
        try {
            system = ActorSystem.create(SYSTEM, ActorSystemSetup.create(BootstrapSetup.create(config(settings)),
                    new SluicePersistenceSetup(store)));
        } catch (RuntimeException e) {
            if (Failures.mentions(e, "Failed to bind TCP")) {
                throw Ports.refused(settings.cluster(), "sluice.cluster.listen (--cluster)", ExitCode.CLUSTER_ADDRESS,
                        e);
            }
            throw e;
        }
        ClusterMember member = new ClusterMember(settings, system);
        system.getWhenTerminated().thenRun(() -> {
            if (!member.leaving.get()) {
                removed.run();
            }
        });
        return member;
    }

    private static Config config(NodeSettings settings) {
        return ConfigFactory.parseMap(Map.of("pekko.remote.artery.canonical.hostname", settings.cluster().host(),
                "pekko.remote.artery.canonical.port", settings.cluster().port())).withFallback(settings.config());
    }

    ActorSystem system() {
        return system;
    }

    /** The cluster address listened on. */
    HostPort address() {
        Address self = Cluster.get(system).selfAddress();
        return new HostPort(self.getHost().orElseThrow(), self.getPort().orElseThrow());
    }

    /** Joins the seeds, or founds a cluster where there are none; blocks until the node is a member that takes part. */
    void join() {
        CompletableFuture<Void> up = new CompletableFuture<>();
        Cluster cluster = Cluster.get(system);
        cluster.registerOnMemberUp(() -> up.complete(null));
        List<Address> seeds = settings.seeds().stream()
                .map(seed -> new Address("pekko", SYSTEM, seed.host(), seed.port())).toList();
        if (seeds.isEmpty()) {
            cluster.join(cluster.selfAddress());
        } else {
            cluster.joinSeedNodes(seeds);
        }
        Duration limit = settings.joinTimeout();
        try {
            up.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw settings.seeds().isEmpty()
                    ? new StartException(ExitCode.START_TIMEOUT, "the cluster did not form within "
                            + limit.toSeconds() + " s; is the machine overloaded? See sluice.cluster.join-timeout", e)
                    : new StartException(ExitCode.JOIN, "none of the seeds " + settings.seeds()
                            + " let this node in within "
                            + limit.toSeconds()
                            + " s; check that one runs and can be reached from here, or set sluice.cluster.join-timeout",
                            e);
        } catch (InterruptedException | ExecutionException e) {
            throw new StartException(ExitCode.FAILED, "joining the cluster failed: " + Failures.reason(e), e);
        }
    }

    /** Leaves the cluster in good order, ends all actors and closes the data directory. */
    void leave() throws Exception {
        leaving.set(true);
        CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason()).toCompletableFuture().get();
        system.getWhenTerminated().toCompletableFuture().get();
    }
}
