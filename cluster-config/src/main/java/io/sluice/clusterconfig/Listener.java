package io.sluice.clusterconfig;

import io.sluice.actors.config.StaticConfigs;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.fetch.FetchSettings;
import io.sluice.kafka.server.KafkaServer;
import io.sluice.kafka.server.KafkaServerSettings;
import io.sluice.persistence.net.BindException;
import java.time.Duration;
import java.util.List;

/** Where Kafka clients connect: bound early, so that the port is known, and serving once the node can. */
final class Listener implements AutoCloseable {
    private final NodeSettings settings;
    private final KafkaServer server;

    private Listener(NodeSettings settings, KafkaServer server) {
        this.settings = settings;
        this.server = server;
    }

    /** @throws StartException if the address cannot be listened on */
    static Listener bind(NodeSettings settings) {
        try {
            return new Listener(settings, KafkaServer.bind(server(settings)));
        } catch (BindException e) {
            throw Ports.refused(settings.listen(), "sluice.listen (--listen)", ExitCode.LISTEN_ADDRESS, e);
        }
    }

    private static KafkaServerSettings server(NodeSettings settings) {
        io.sluice.actors.config.NodeSettings broker = settings.broker().settings();
        KafkaServerSettings defaults = KafkaServerSettings.of(settings.listen().host(), settings.listen().port());
        KafkaServerSettings.Requests requests = defaults.requests();
        return defaults.with(
                new KafkaServerSettings.Requests(broker.socketRequestMaxBytes(), requests.controlBytesMax(),
                        requests.inFlightMax(), requests.inFlightBytesMax(), requests.nodeBytesMax(),
                        requests.unsentBytesMax(), requests.receiveTimeout()),
                new KafkaServerSettings.Connections(broker.maxConnections(), broker.maxConnectionsPerIp(),
                        Duration.ofMillis(broker.connectionsMaxIdleMs())));
    }

    /** The bounds on fetching that a node was started with. */
    static FetchSettings fetch(StaticConfigs statics) {
        FetchSettings defaults = FetchSettings.DEFAULTS;
        return new FetchSettings(statics.settings().fetchMaxBytes(), statics.settings().maxFetchSessions(),
                defaults.sessionPartitions(), defaults.sessionIdle());
    }

    /** What clients are told to connect to. */
    HostPort advertised() {
        return settings.advertised(server.address().getPort());
    }

    /** Where it listens. */
    HostPort address() {
        return settings.listen().withPort(server.address().getPort());
    }

    /** Where the node itself connects. */
    HostPort ownAddress() {
        return NodeSettings.isWildcard(settings.listen().host())
                ? new HostPort("127.0.0.1", address().port())
                : address();
    }

    /** Lets clients in. */
    void serve(List<ApiHandler> handlers) {
        server.serve(handlers);
    }

    /** Lets no more clients in, and those that are there finish what they began, for a bounded time. */
    @Override
    public void close() {
        server.close();
    }
}
