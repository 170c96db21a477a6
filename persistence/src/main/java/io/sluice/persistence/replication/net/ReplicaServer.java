package io.sluice.persistence.replication.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.sluice.persistence.net.BindException;
import io.sluice.persistence.net.LimitedLog;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/** The listener for other nodes' requests about replicated logs. */
public final class ReplicaServer implements AutoCloseable {
    private static final LimitedLog REFUSALS = new LimitedLog(LoggerFactory.getLogger(ReplicaServer.class),
            System::nanoTime);

    private final ReplicaNetwork net;
    private final RequestHandler handler;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final Channel listener;

    private ReplicaServer(ReplicaNetwork net, RequestHandler handler) {
        this.net = net;
        this.handler = handler;
        this.listener = bind();
    }

    /**
     * Binds the address of the settings and serves.
     *
     * @throws BindException if the address cannot be bound
     */
    public static ReplicaServer start(ReplicaNetwork net, RequestHandler handler) {
        return new ReplicaServer(net, handler);
    }

    private Channel bind() {
        NetSettings settings = net.settings();
        ChannelFuture bound = new ServerBootstrap().group(net.loops()).channel(net.transport().listeners())
                .option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Accepting()).bind(settings.host(), settings.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw BindException.of(settings.host(), settings.port(), bound.cause());
        }
        return bound.channel();
    }

    /** The address that other nodes connect to. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Connections there are now. */
    public int connectionCount() {
        return open.size();
    }

    /** Stops accepting and closes all connections. Not to be called on an event loop. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        open.forEach(channel -> channel.close().awaitUninterruptibly());
    }

    /** Sets accepted channels up, or closes them if there are too many. */
    private final class Accepting extends ChannelInitializer<SocketChannel> {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a refused connection to be closed
        protected void initChannel(SocketChannel channel) {
            if (open.size() >= net.settings().connectionsMax()) {
                REFUSALS.warn("refusing the connection from {}: there are {} (connections-max)",
                        channel.remoteAddress(), net.settings().connectionsMax());
                channel.close();
                return;
            }
            open.add(channel);
            channel.closeFuture().addListener(closed -> open.remove(channel));
            AcceptedRole role = new AcceptedRole(net, handler, channel.eventLoop(), channel.remoteAddress());
            net.install(channel, new Connection(net, role, role.outbox()));
        }
    }
}
