package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.persistence.net.ByteBudget;
import io.sluice.persistence.net.Transport;
import io.sluice.persistence.replication.ReplicaId;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What all connections of a node to others share. Close what uses it first. */
public final class ReplicaNetwork implements AutoCloseable {
    private final NetSettings settings;
    private final ReplicaId self;
    private final Supplier<String> clusterId;
    private final Consumer<ReplicaId> lost;
    private final IoEventLoopGroup loops;
    private final Transport transport;
    private final ByteBudget received;

    private ReplicaNetwork(NetSettings settings, ReplicaId self, Supplier<String> clusterId, Consumer<ReplicaId> lost,
            IoEventLoopGroup loops, Transport transport) {
        this.settings = settings;
        this.self = self;
        this.clusterId = clusterId;
        this.lost = lost;
        this.loops = loops;
        this.transport = transport;
        this.received = new ByteBudget(settings.bounds().receivedInAll());
    }

    /**
     * Starts the event loops.
     *
     * @param self the replica identity of this node
     * @param clusterId the cluster this node belongs to, empty until it is known; called on event loops
     * @param lost told on event loops whenever a connection with another node ends that had been established by either side: the first sign of a crash, and
     *        often of less
     */
    public static ReplicaNetwork start(NetSettings settings, ReplicaId self, Supplier<String> clusterId,
            Consumer<ReplicaId> lost) {
        Transport transport = Transport.of(settings.nativeTransport());
        IoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(settings.ioThreads(),
                new DefaultThreadFactory("sluice-replication"), transport.handlers());
        return new ReplicaNetwork(settings, self, clusterId, lost, loops, transport);
    }

    NetSettings settings() {
        return settings;
    }

    ReplicaId self() {
        return self;
    }

    String clusterId() {
        return clusterId.get();
    }

    void lost(ReplicaId peer) {
        lost.accept(peer);
    }

    IoEventLoopGroup loops() {
        return loops;
    }

    Transport transport() {
        return transport;
    }

    /** What all connections together have received and nobody released. */
    ByteBudget received() {
        return received;
    }

    /** Pooled, not adaptive: frames are freed on other threads. */
    ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    /** Gives a channel its connection; encryption would go in front of it. */
    @SuppressWarnings("deprecation") // Netty names no other way to say what is read into
    void install(Channel channel, Connection connection) {
        channel.config().setRecvByteBufAllocator(connection.receiveAllocator());
        channel.pipeline().addLast(connection);
    }

    /** Bytes received from other nodes and not released. */
    public long receivedBytes() {
        return received.used();
    }

    /** Stops the event loops. Not to be called on one. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
