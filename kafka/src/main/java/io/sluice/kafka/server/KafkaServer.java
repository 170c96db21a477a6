package io.sluice.kafka.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.persistence.net.BindException;
import io.sluice.persistence.net.ByteBudget;
import io.sluice.persistence.net.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener for Kafka clients. It binds first, so that the address is known (and refused) before anything else of a node starts, and accepts later;
 * who connects in between waits.
 */
public final class KafkaServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaServer.class);

    private final KafkaServerSettings settings;
    private final EventLoopGroup loops;
    private final ByteBudget nodeBytes;
    private final ServerChannel channel;
    /** Null until {@link #serve}. */
    private volatile ConnectionInitializer connections;

    private KafkaServer(KafkaServerSettings settings) {
        this.settings = settings;
        Transport transport = Transport.of(settings.nativeTransport());
        nodeBytes = new ByteBudget(settings.requests().nodeBytesMax());
        loops = new MultiThreadIoEventLoopGroup(settings.ioThreads(), new DefaultThreadFactory("sluice-kafka"),
                transport.handlers());
        try {
            channel = bind(transport);
        } catch (RuntimeException e) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
            throw e;
        }
    }

    /**
     * Binds and serves. ApiVersions is answered by the server itself, from the other handlers.
     *
     * @throws BindException if the address cannot be bound
     */
    public static KafkaServer start(KafkaServerSettings settings, List<ApiHandler> handlers) {
        KafkaServer server = bind(settings);
        server.serve(handlers);
        return server;
    }

    /**
     * Binds and does not accept yet: who connects waits in the kernel's queue for {@link #serve}.
     *
     * @throws BindException if the address cannot be bound
     */
    public static KafkaServer bind(KafkaServerSettings settings) {
        return new KafkaServer(settings);
    }

    /** Accepts connections from now on. Call it once. */
    public void serve(List<ApiHandler> handlers) {
        connections = new ConnectionInitializer(context(settings, handlers, nodeBytes), settings.connections());
        channel.config().setAutoRead(true);
    }

    private static ServerContext context(KafkaServerSettings settings, List<ApiHandler> handlers,
            ByteBudget nodeBytes) {
        ApiVersionsHandler apiVersions = new ApiVersionsHandler(handlers);
        List<ApiHandler> all = new ArrayList<>(handlers);
        all.add(apiVersions);
        // pooled, not adaptive: request frames are freed on other threads, and up to 4 MiB come from a chunk that is there already
        ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        return new ServerContext(new ApiTable(all), apiVersions, settings.requests(), nodeBytes, allocator);
    }

    private ServerChannel bind(Transport transport) {
        int unsent = settings.requests().unsentBytesMax();
        ChannelFuture bound = new ServerBootstrap().group(loops).channel(transport.listeners())
                .option(ChannelOption.SO_BACKLOG, settings.backlog()).option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(unsent / 2, unsent))
                .childHandler(new Accepted()).bind(settings.host(), settings.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw BindException.of(settings.host(), settings.port(), bound.cause());
        }
        return (ServerChannel) bound.channel();
    }

    /** The address clients connect to. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Connections there are now. */
    public int connectionCount() {
        ConnectionInitializer accepting = connections;
        return accepting == null ? 0 : accepting.open().size();
    }

    /** Bytes of requests that are being received or served now. */
    public long requestBytesInFlight() {
        return nodeBytes.used();
    }

    /** Stops accepting, lets requests in flight finish for a bounded time, closes everything. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        if (connections != null) {
            drain(connections.open());
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void drain(Set<Connection> open) {
        open.forEach(Connection::drain);
        long deadline = System.nanoTime() + settings.stopTimeout().toNanos();
        try {
            while (!open.isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!open.isEmpty()) {
            log.warn("closing {} connections with requests in flight", open.size());
        }
    }

    /** Hands an accepted channel over. */
    private final class Accepted extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel accepted) {
            connections.initChannel(accepted);
        }
    }
}
