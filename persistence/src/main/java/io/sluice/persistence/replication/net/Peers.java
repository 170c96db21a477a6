package io.sluice.persistence.replication.net;

import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaRequest;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * The nodes this one asks, with one connection to each, made when it is needed. Nothing is sent twice and nothing is kept for a node that cannot be
 * reached: what is refused or lost, the caller sends again. Safe for any thread.
 */
public final class Peers implements AutoCloseable {
    private final ReplicaNetwork net;
    private final Function<ReplicaId, Optional<InetSocketAddress>> addresses;
    private final PeerListener listener;
    private final ConcurrentMap<ReplicaId, Peer> peers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param addresses where a replica's node listens now, resolved or not; empty if that is not known. Asked before each attempt to connect, on an
     *        event loop
     */
    public Peers(ReplicaNetwork net, Function<ReplicaId, Optional<InetSocketAddress>> addresses,
            PeerListener listener) {
        this.net = net;
        this.addresses = addresses;
        this.listener = listener;
    }

    /**
     * Sends a request to its target. The batches of an Append and the content of a snapshot are copied.
     *
     * @return false if it was not accepted: too much waits to be sent, or the peer could not be reached a moment ago. True promises nothing but an
     *         attempt
     * @throws IllegalArgumentException if it is beyond a limit of the protocol
     */
    public boolean send(ReplicaRequest request) {
        return peer(request.header().target()).send(request, null);
    }

    /**
     * Sends entries that stay in their file until they leave.
     *
     * @param request its own batches count for nothing
     * @param batches taken over, whatever happens; until it is closed, its file must not get other bytes in that range
     * @return as {@link #send(ReplicaRequest)}
     * @throws IllegalArgumentException if it is beyond a limit of the protocol
     */
    public boolean send(ReplicaRequest.Append request, LogSlice batches) {
        return peer(request.header().target()).send(request, batches);
    }

    private Peer peer(ReplicaId id) {
        Peer known = peers.get(id);
        if (known != null) {
            return known;
        }
        Peer peer = peers.computeIfAbsent(id, missing -> new Peer(net, missing, addresses, listener));
        if (closed) {
            peer.close();
        }
        return peer;
    }

    /** Closes all connections, soon. Nothing is sent any more. */
    @Override
    public void close() {
        closed = true;
        peers.values().forEach(Peer::close);
    }
}
