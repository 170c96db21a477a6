package io.sluice.actors.controller;

import com.typesafe.config.ConfigFactory;
import io.sluice.actors.config.StaticConfigs;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** A cluster of one node, with the journal that the configuration names. */
final class TestNode implements AutoCloseable {

    final ActorSystem<Void> system;
    final ControllerNode node;

    private TestNode(ActorSystem<Void> system, ControllerNode node) {
        this.system = system;
        this.node = node;
    }

    static TestNode start(String config, String diskId, Map<String, String> statics) throws Exception {
        return start(config, diskId, statics, null);
    }

    /** Joins another node's cluster, or founds one if {@code seed} is null. */
    static TestNode start(String config, String diskId, Map<String, String> statics, TestNode seed) throws Exception {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "sluice",
                ConfigFactory.parseString(config).withFallback(ConfigFactory.parseString("""
                        pekko.loglevel = WARNING
                        pekko.actor.provider = cluster
                        pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                        pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                        pekko.coordinated-shutdown.exit-jvm = off
                        """)).withFallback(ConfigFactory.load()));
        try {
            Cluster cluster = Cluster.get(system);
            cluster.manager().tell(new Join(Cluster.get(seed == null ? system : seed.system).selfMember().address()));
            var registration = new NodeRegistration(diskId, null, "127.0.0.1", 9092);
            ControllerNode node = ControllerNode
                    .start(system, registration, StaticConfigs.of(statics),
                            MetadataReplication.alone(registration.diskId()))
                    .toCompletableFuture().get(60, TimeUnit.SECONDS);
            return new TestNode(system, node);
        } catch (Exception e) {
            stop(system);
            throw e;
        }
    }

    Controller controller() {
        return node.controller();
    }

    @Override
    public void close() {
        stop(system);
    }

    private static void stop(ActorSystem<Void> system) {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
