package io.sluice.persistence.replication.net;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node that listens, asks, and keeps what it gets. */
final class TestNode implements AutoCloseable {
    /** Where the nodes of a test listen. */
    static final class Addresses {
        private final Map<ReplicaId, InetSocketAddress> known = new ConcurrentHashMap<>();

        void set(ReplicaId id, InetSocketAddress address) {
            known.put(id, address);
        }

        Optional<InetSocketAddress> get(ReplicaId id) {
            return Optional.ofNullable(known.get(id));
        }
    }

    /** A request, with its batches copied, and what came with it. */
    record Got(ReplicaRequest request, ByteBuffer batches, boolean direct, Runnable release, Replies replies) {}

    final ReplicaId id;
    final ReplicaNetwork network;
    final ReplicaServer server;
    final Peers peers;
    final List<Got> requests = new CopyOnWriteArrayList<>();
    final List<ReplicaReply> replies = new CopyOnWriteArrayList<>();
    final List<ByteBuffer> replyBatches = new CopyOnWriteArrayList<>();
    final List<ReplicaId> lost = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    volatile boolean releasesAtOnce = true;

    TestNode(Addresses addresses, int node, String clusterId) {
        this(addresses, node, clusterId, "");
    }

    TestNode(Addresses addresses, int node, String clusterId, String settings) {
        id = new ReplicaId("disk" + node);
        network = ReplicaNetwork.start(settings(settings), id, () -> clusterId, lost::add);
        server = ReplicaServer.start(network, this::handle);
        addresses.set(id, server.address());
        peers = new Peers(network, addresses::get, new Listener());
    }

    static NetSettings settings(String overrides) {
        Config quick = ConfigFactory.parseString("heartbeat-interval = 50ms, dead-after = 1s, connect-timeout = 1s, "
                + "reconnect-backoff = 10ms, reconnect-backoff-max = 100ms");
        return NetSettings.read(ConfigFactory.parseString(overrides).withFallback(quick)
                .withFallback(ConfigFactory.defaultReference().getConfig("sluice.replication")));
    }

    private void handle(ReplicaRequest request, Runnable release, Replies to) {
        ByteBuffer batches = Messages.content(request);
        requests.add(new Got(request, copy(batches), batches.isDirect(), release, to));
        if (releasesAtOnce) {
            release.run();
        }
    }

    static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    private final class Listener implements PeerListener {
        @Override
        public void connected(ReplicaId peer) {
            events.add("connected " + peer);
        }

        @Override
        public void disconnected(ReplicaId peer, String why) {
            events.add("disconnected " + peer + ": " + why);
        }

        @Override
        public void received(ReplicaReply reply, Runnable release) {
            if (reply instanceof ReplicaReply.Entries entries) {
                replyBatches.add(copy(entries.batches()));
            }
            replies.add(reply);
            release.run();
        }
    }

    @Override
    public void close() {
        peers.close();
        server.close();
        network.close();
    }
}
