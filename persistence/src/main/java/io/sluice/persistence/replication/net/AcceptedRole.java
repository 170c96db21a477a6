package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.net.LimitedLog;
import io.sluice.persistence.net.MalformedFrameException;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that another node made to ask: hello first, then requests in and replies out. */
final class AcceptedRole implements Connection.Role, Replies {
    private static final Logger log = LoggerFactory.getLogger(AcceptedRole.class);
    private static final LimitedLog REFUSALS = new LimitedLog(log, System::nanoTime);

    private final ReplicaNetwork net;
    private final RequestHandler handler;
    private final EventLoop loop;
    private final SocketAddress remote;
    private final Outbox outbox;
    private Connection connection;
    /** Who asks; null until its hello. */
    private ReplicaId peer;

    AcceptedRole(ReplicaNetwork net, RequestHandler handler, EventLoop loop, SocketAddress remote) {
        this.net = net;
        this.handler = handler;
        this.loop = loop;
        this.remote = remote;
        this.outbox = new Outbox(net.settings().bounds().outgoing(), this::wake);
    }

    Outbox outbox() {
        return outbox;
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
    }

    @Override
    public void frame(FrameType type, FrameReader frame, Runnable release) throws MalformedFrameException {
        if (peer == null) {
            if (type != FrameType.HELLO) {
                throw new MalformedFrameException(type + " where a hello must be");
            }
            Handshake.Hello hello = Handshake.readHello(frame);
            release.run();
            greet(hello);
            return;
        }
        ReplicaRequest request = RequestCodec.decode(type, frame);
        if (type.mayBeLarge()) {
            handler.handle(request, release, this);
        } else {
            release.run();
            handler.handle(request, () -> {
            }, this);
        }
    }

    private void greet(Handshake.Hello hello) {
        String clusterId = net.clusterId();
        String objection = Handshake.objection(hello, net.self(), clusterId);
        ByteBuf answer = net.allocator().directBuffer(256);
        if (objection == null) {
            peer = hello.sender();
            Handshake.write(new Handshake.Welcome(clusterId, net.self()), answer);
            connection.greet(answer);
            connection.establish();
        } else {
            REFUSALS.warn("refusing the connection from {}: {}", remote, objection);
            Handshake.writeRefusal(objection, answer);
            connection.refuse(answer, objection);
        }
    }

    /** Who does not take its replies must not ask for more. */
    @Override
    public boolean takesFrames() {
        return !outbox.isFull();
    }

    @Override
    public void idle(long nanos) {
        // who made the connection closes it
    }

    @Override
    public void closed(String why) {
        log.debug("connection from {} ({}) closed: {}", peer, remote, why);
        if (peer != null) {
            net.lost(peer);
        }
    }

    @Override
    public boolean send(ReplicaReply reply) {
        return offer(reply, null);
    }

    @Override
    public boolean send(ReplicaReply.Entries reply, LogSlice batches) {
        return offer(reply, batches);
    }

    private boolean offer(ReplicaReply reply, LogSlice batches) {
        return outbox.offer(OutgoingFrame.of(net.allocator(), reply, batches, net.settings().bounds().frame()));
    }

    private void wake() {
        try {
            loop.execute(() -> connection.drain());
        } catch (RejectedExecutionException e) {
            log.debug("the event loops have stopped", e);
        }
    }
}
