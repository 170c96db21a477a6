package io.sluice.clusterconfig;

import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.config.TopicSettingsCache;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.controller.ControllerNode;
import io.sluice.actors.controller.NodeRefusedException;
import io.sluice.actors.controller.NodeRegistration;
import io.sluice.actors.group.LocalGroups;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.partition.LocalPartitions;
import io.sluice.actors.partition.PartitionSettings;
import io.sluice.actors.replication.LagReports;
import io.sluice.actors.replication.PartitionReplication;
import io.sluice.actors.replication.Reassignments;
import io.sluice.clusterconfig.Node.Part;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.Failures;
import io.sluice.kafka.admin.AdminHandlers;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.fetch.FetchHandlers;
import io.sluice.kafka.group.GroupHandlers;
import io.sluice.kafka.produce.ProduceHandlers;
import io.sluice.streams.NodeLogs;
import io.sluice.streams.node.ApplicationSettings;
import io.sluice.streams.node.NodeStreams;
import io.sluice.streams.node.StreamApplications;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** The parts of a node and the order in which they start. Everything that can be refused is tried before the first actor runs. */
final class NodeWiring {
    private final NodeSettings settings;
    private final StartTrace trace;
    private final StartLimit limit;
    private final Consumer<Part> owner;
    private final Runnable removed;

    /**
     * @param owner stops what was started
     * @param removed told when the cluster removes the node
     */
    NodeWiring(NodeSettings settings, StartTrace trace, StartLimit limit, Consumer<Part> owner, Runnable removed) {
        this.settings = settings;
        this.trace = trace;
        this.limit = limit;
        this.owner = owner;
        this.removed = removed;
    }

    /** Starts everything; returns where the node serves. */
    ServingNode start() {
        // the listener's classes load while the data directory opens and the cluster forms
        CompletableFuture<Listener> listening = CompletableFuture.supplyAsync(() -> Listener.bind(settings),
                NodeWiring::run);
        DataDirectory data = DataDirectory.open(settings);
        owner.accept(data::close);
        trace.reached("data directory");
        Listener listener = await(listening);
        owner.accept(listener::close);
        trace.reached("listening");
        Ports.requireFree(settings.cluster(), "sluice.cluster.listen (--cluster)", ExitCode.CLUSTER_ADDRESS);
        TopicSettingsCache topicSettings = new TopicSettingsCache(settings.broker());
        NodeReplication replication = NodeReplication.start(settings, data, topicSettings);
        owner.accept(replication.store()::close);
        ClusterMember member = ClusterMember.start(settings, data, replication, removed);
        owner.accept(member::leave);
        trace.reached("actor system");
        limit.pause(); // how long others take is bounded by the join timeout
        replication.joined(member.system(), member.join());
        trace.reached("member");
        ControllerNode controller = register(member, data, replication, listener);
        limit.resume();
        replication.follows(controller.controller());
        trace.reached("registered");
        LocalPartitions partitions = partitions(member.system(), replication, controller, topicSettings);
        listener.serve(handlers(member.system(), data, replication, controller, partitions));
        owner.accept(listener::close); // again: now it has clients, and they go first
        owner.accept(applications(member.system(), controller.controller(), partitions, listener)::close);
        ClusterImage image = controller.controller().image();
        return new ServingNode(listener.address(), member.address(), image.selfId(), image.clusterId(), data.path());
    }

    private ControllerNode register(ClusterMember member, DataDirectory data, NodeReplication replication,
            Listener listener) {
        HostPort advertised = listener.advertised();
        NodeRegistration registration = new NodeRegistration(data.diskId(), data.clusterId(), advertised.host(),
                advertised.port());
        ControllerNode node;
        try {
            node = await(ControllerNode.start(Adapter.toTyped(member.system()), registration, settings.broker(),
                    replication.ofMetadata())
                    .toCompletableFuture());
        } catch (NodeRefusedException e) {
            throw new StartException(e.kind() == NodeRefusedException.Kind.TWIN
                    ? ExitCode.TWIN
                    : ExitCode.DATA_FOREIGN, "the cluster does not take this node: " + e.getMessage(), e);
        }
        ClusterImage image = node.controller().image();
        data.belongsTo(image.clusterId(), image.selfId());
        return node;
    }

    private LocalPartitions partitions(ActorSystem system, NodeReplication replication, ControllerNode node,
            TopicSettingsCache topicSettings) {
        StaticConfigs statics = settings.broker();
        LocalPartitions partitions = LocalPartitions.start(system, replication.store(), node.images(),
                topicSettings, PartitionSettings.read(settings.config(),
                        statics.settings().producerIdExpirationMs(), statics.settings().retentionCheckIntervalMs()));
        owner.accept(partitions::close);
        return partitions;
    }

    private StreamApplications applications(ActorSystem system, Controller controller, LocalPartitions partitions,
            Listener listener) {
        ApplicationSettings streams = ApplicationSettings.read(settings.config());
        return StreamApplications.start(streams, new NodeStreams(system, listener.ownAddress().toString(),
                new NodeLogs(partitions, controller::image), streams.ofUsers()));
    }

    private List<ApiHandler> handlers(ActorSystem system, DataDirectory data, NodeReplication replication,
            ControllerNode node, LocalPartitions partitions) {
        StaticConfigs statics = settings.broker();
        Controller controller = node.controller();
        Supplier<ClusterImage> image = controller::image;
        LocalGroups groups = LocalGroups.start(system, controller, statics.groupSettings(),
                Clock.systemUTC());
        PartitionReplication ofPartitions = replication.ofPartitions();
        every("sluice.reassignment.interval", system,
                new Reassignments(image, ofPartitions, List.of(partitions, groups),
                        settings.config().getInt("sluice.reassignment.concurrent")));
        every("sluice.reassignment.lag-interval", system, new LagReports(controller, ofPartitions));
        return Stream.of(AdminHandlers.all(controller, partitions, statics, data.path()),
                ProduceHandlers.all(partitions, controller),
                FetchHandlers.all(partitions, controller, Listener.fetch(statics)), GroupHandlers.all(groups, image))
                .flatMap(List::stream).toList();
    }

    private void every(String setting, ActorSystem system, Runnable task) {
        Duration interval = settings.config().getDuration(setting);
        owner.accept(system.scheduler().scheduleWithFixedDelay(interval, interval, task,
                system.dispatcher())::cancel);
    }

    private static void run(Runnable task) {
        Thread.ofPlatform().name("sluice-start-listener").daemon().start(task);
    }

    /** The result, or the failure itself. */
    private static <T> T await(CompletableFuture<T> stage) {
        try {
            return stage.join();
        } catch (CompletionException e) {
            Throwable failure = Failures.unwrapped(e);
            if (failure instanceof RuntimeException known) {
                throw known;
            }
            throw new StartException(failure instanceof TimeoutException ? ExitCode.JOIN : ExitCode.FAILED,
                    Failures.reason(failure), failure);
        }
    }
}
