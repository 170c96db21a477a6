package io.sluice.clusterconfig;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.Failures;
import io.sluice.clusterconfig.membership.JoinRefusedException;
import io.sluice.clusterconfig.membership.Membership;
import io.sluice.clusterconfig.membership.ProtocolCheck;
import io.sluice.persistence.SluicePersistenceSetup;
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
    private final DataDirectory data;
    private final ActorSystem system;
    private final Runnable removed;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private ClusterMember(NodeSettings settings, DataDirectory data, ActorSystem system, Runnable removed) {
        this.settings = settings;
        this.data = data;
        this.system = system;
        this.removed = removed;
    }

    /**
     * Starts the actor system and listens on the cluster address.
     *
     * @param data the open data directory
     * @param replication has the logs, which are closed with the system
     * @param removed told, perhaps twice, when the cluster removes the node, or the system ends, without {@link #leave}
     */
    static ClusterMember start(NodeSettings settings, DataDirectory data, NodeReplication replication,
            Runnable removed) {
        ActorSystem system;
        try {
            system = ActorSystem.create(SYSTEM,
                    ActorSystemSetup.create(
                            BootstrapSetup.create(replication.memberConfig().withFallback(config(settings))),
                            new SluicePersistenceSetup(replication.store())));
        } catch (RuntimeException e) {
            if (Failures.mentions(e, "Failed to bind TCP")) {
                throw Ports.refused(settings.cluster(), "sluice.cluster.listen (--cluster)", ExitCode.CLUSTER_ADDRESS,
                        e);
            }
            throw e;
        }
        ClusterMember member = new ClusterMember(settings, data, system, removed);
        system.getWhenTerminated().thenRun(member::systemEnded);
        return member;
    }

    private static Config config(NodeSettings settings) {
        return ConfigFactory.parseMap(Map.of("pekko.remote.artery.canonical.hostname", settings.cluster().host(),
                "pekko.remote.artery.canonical.port", settings.cluster().port(), "pekko.loglevel",
                pekkoLevel(settings.logLevel()))).withFallback(ProtocolCheck.config())
                .withFallback(settings.config());
    }

    private static String pekkoLevel(String level) {
        return switch (level) {
            case "warn" -> "warning";
            case "trace" -> "debug";
            default -> level;
        };
    }

    private void systemEnded() {
        if (leaving.get()) {
            return;
        }
        Object reason = CoordinatedShutdown.get(system).getShutdownReason().orElse(null);
        if (CoordinatedShutdown.incompatibleConfigurationDetectedReason().equals(reason)) {
            ended.completeExceptionally(new StartException(ExitCode.INCOMPATIBLE,
                    "the cluster runs a version that does not understand this one's messages; start the version that the other nodes run"));
        } else {
            ended.completeExceptionally(new StartException(ExitCode.REMOVED, "the cluster removed this node"));
            removed.run();
        }
    }

    private void memberRemoved() {
        if (!leaving.get()) {
            removed.run();
        }
    }

    ActorSystem system() {
        return system;
    }

    /** The cluster address listened on. */
    HostPort address() {
        Address self = Cluster.get(system).selfAddress();
        return new HostPort(self.getHost().orElseThrow(), self.getPort().orElseThrow());
    }

    /**
     * Joins the cluster, or forms it; blocks until the node is a member that takes part.
     *
     * @return whether this node began a new cluster
     * @throws StartException if it must not be one, or could not become one in time
     */
    boolean join() {
        List<Address> seeds = settings.seeds().stream()
                .map(seed -> new Address("pekko", SYSTEM, seed.host(), seed.port())).toList();
        CompletableFuture<Boolean> joined = Membership.join(system, seeds, data.path().resolve("members"),
                data::clusterId, settings.formTimeout());
        Duration limit = settings.joinTimeout();
        try {
            CompletableFuture.anyOf(joined, ended).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            boolean founded = joined.join();
            // the system may take long to end when the network is cut, and until then clients must not be kept
            Cluster.get(system).registerOnMemberRemoved(this::memberRemoved);
            return founded;
        } catch (TimeoutException e) {
            throw settings.seeds().isEmpty()
                    ? new StartException(ExitCode.START_TIMEOUT, "the cluster did not form within "
                            + limit.toSeconds() + " s; is the machine overloaded? See sluice.cluster.join-timeout", e)
                    : new StartException(ExitCode.JOIN, "none of the seeds " + settings.seeds()
                            + " let this node in within "
                            + limit.toSeconds()
                            + " s; check that one runs and can be reached from here, or set sluice.cluster.join-timeout",
                            e);
        } catch (ExecutionException e) {
            throw switch (Failures.unwrapped(e)) {
                case StartException known -> known;
                case JoinRefusedException refused ->
                    new StartException(ExitCode.DATA_FOREIGN, refused.getMessage(), refused);
                case Throwable other ->
                    new StartException(ExitCode.FAILED, "joining the cluster failed: " + Failures.reason(other), other);
            };
        } catch (InterruptedException e) {
            throw new StartException(ExitCode.FAILED, "interrupted while joining the cluster", e);
        }
    }

    /** Leaves the cluster in good order, ends all actors and closes the data directory. */
    void leave() throws Exception {
        leaving.set(true);
        CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason()).toCompletableFuture().get();
        system.getWhenTerminated().toCompletableFuture().get();
    }
}
