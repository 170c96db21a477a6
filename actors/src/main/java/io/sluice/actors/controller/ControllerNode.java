package io.sluice.actors.controller;

import io.sluice.actors.config.NodeSettings;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.controller.ControllerRequest.RegisterNode;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.ClusterImages;
import io.sluice.actors.image.NodeImage;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * A node's part in the metadata: it can run the controller, it follows its events, and it is registered. Started once per actor system, which must be
 * joining a cluster.
 */
public final class ControllerNode {
    /** Persistence id of the controller, and so the id of its log. */
    public static final String LOG = "controller";

    private final PublishedImages images;
    private final ControllerClient client;

    private ControllerNode(PublishedImages images, ControllerClient client) {
        this.images = images;
        this.client = client;
    }

    /**
     * Starts, registers, and completes once this node's image has the node itself, alive. Fails with {@link NodeRefusedException} if the cluster does
     * not take the node, or with a {@link TimeoutException} after {@code sluice.controller.registration-timeout}.
     *
     * @param statics the settings with Kafka names that the node was started with
     * @param replication of the controller's log
     */
    public static CompletionStage<ControllerNode> start(ActorSystem<?> system, NodeRegistration registration,
            StaticConfigs statics, MetadataReplication replication) {
        ControllerSettings settings = ControllerSettings.of(system.settings().config());
        NodeSettings node = statics.settings();
        Cluster cluster = Cluster.get(system);
        var images = new PublishedImages(registration.diskId());
        var singleton = SingletonActor
                .of(ControllerActor.create(settings, () -> Membership.alive(cluster.state()), replication,
                        BalanceSettings.of(system.settings().config(), statics.groupSettings().replicationFactor())),
                        "sluice-controller")
                .withSettings(ClusterSingletonSettings.fromConfig(settings.singleton()));
        ActorRef<ControllerCommand> controller = ClusterSingleton.get(system).init(singleton);
        system.systemActorOf(ImageFeed.create(controller, images, registration.diskId(), settings),
                "sluice-image-feed", Props.empty());
        var started = new ControllerNode(images,
                new ControllerClient(system, controller, images, node, settings));
        RegisterNode request = new RegisterNode(registration.diskId(), registration.clusterId(), node.nodeId(),
                registration.host(), registration.port(), node.rack(), cluster.selfMember().address().toString());
        long deadline = System.nanoTime() + settings.registrationTimeout().toNanos();
        return new Registration(system, controller, request, settings.twinTimeout(), deadline).run()
                .thenCompose(id -> images.await(image -> isAlive(image, request, id), Registration.left(deadline)))
                .thenApply(image -> started);
    }

    /** Administration of the cluster, by this node. */
    public Controller controller() {
        return client;
    }

    /** This node's image as it changes. */
    public ClusterImages images() {
        return images;
    }

    private static boolean isAlive(ClusterImage image, RegisterNode request, int id) {
        NodeImage self = image.nodes().get(id);
        return self != null && self.alive() && self.address().equals(request.address())
                && self.host().equals(request.host()) && self.port() == request.port();
    }
}
