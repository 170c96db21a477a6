package io.sluice.kafka.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.sluice.persistence.net.LimitedLog;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Sets an accepted connection up, or closes it if there are too many. */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed closes through the pipeline
final class ConnectionInitializer extends ChannelInitializer<SocketChannel> {
    private static final LimitedLog REFUSALS = new LimitedLog(LoggerFactory.getLogger(ConnectionInitializer.class),
            System::nanoTime);

    private final ServerContext server;
    private final KafkaServerSettings.Connections limits;
    private final ConnectionCounts counts;
    private final AtomicLong ids = new AtomicLong();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    ConnectionInitializer(ServerContext server, KafkaServerSettings.Connections limits) {
        this.server = server;
        this.limits = limits;
        this.counts = new ConnectionCounts(limits);
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        InetAddress address = channel.remoteAddress().getAddress();
        String refusal = counts.enter(address);
        if (refusal != null) {
            REFUSALS.warn("refusing the connection from {}: {}", channel.remoteAddress(), refusal);
            channel.close();
            return;
        }
        Connection connection = new Connection(ids.incrementAndGet(), server);
        configure(channel, connection);
        channel.pipeline().addLast(new IdleStateHandler(limits.idleTimeout().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                .addLast(connection);
        // only now: whoever finds it among the open ones may drain it, which needs its place in the pipeline
        open.add(connection);
        channel.closeFuture().addListener(closed -> {
            open.remove(connection);
            counts.leave(address);
        });
    }

    @SuppressWarnings("deprecation") // Netty names no other way to say what is read into
    private static void configure(Channel channel, Connection connection) {
        channel.config().setRecvByteBufAllocator(connection.receiveAllocator());
    }

    /** The connections there are now. */
    Set<Connection> open() {
        return open;
    }
}
