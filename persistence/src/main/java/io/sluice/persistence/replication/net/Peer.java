package io.sluice.persistence.replication.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.net.MalformedFrameException;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Another node and the connection to it, if there is one. Its state belongs to one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // connections report their end themselves
final class Peer {
    private static final Logger log = LoggerFactory.getLogger(Peer.class);

    private final ReplicaNetwork net;
    private final ReplicaId id;
    private final Function<ReplicaId, Optional<InetSocketAddress>> addresses;
    private final PeerListener listener;
    private final EventLoop loop;
    private final Backoff backoff;
    /** Of the present connection or the next; null while none may be made. */
    private volatile Outbox outbox;
    /** Whether somebody wanted to send while no connection could be made, or what was to be sent was lost with one. */
    private volatile boolean asked;
    private State state = State.RESTING;
    private Attempt attempt;
    private String lastFailure;

    private enum State {
        /** Nothing to send. */
        RESTING, CONNECTING, CONNECTED,
        /** The last attempt failed a moment ago. */
        BACKING_OFF, CLOSED
    }

    Peer(ReplicaNetwork net, ReplicaId id, Function<ReplicaId, Optional<InetSocketAddress>> addresses,
            PeerListener listener) {
        this.net = net;
        this.id = id;
        this.addresses = addresses;
        this.listener = listener;
        this.loop = net.loops().next();
        this.backoff = new Backoff(net.settings().timeouts().reconnectLeast(),
                net.settings().timeouts().reconnectGreatest(), ThreadLocalRandom.current());
        this.outbox = newOutbox();
    }

    // ---- on any thread

    /** As {@link Peers#send}. */
    boolean send(ReplicaRequest request, LogSlice batches) {
        Outbox current = outbox;
        if (current == null || current.isFull()) {
            asked = true;
            if (batches != null) {
                batches.close();
            }
            return false;
        }
        return current.offer(OutgoingFrame.of(net.allocator(), request, batches, net.settings().bounds().frame()));
    }

    void close() {
        onLoop(() -> {
            state = State.CLOSED;
            Attempt last = attempt;
            attempt = null;
            closeOutbox();
            if (last != null && last.connection != null) {
                last.connection.close("no more wanted");
            }
        });
    }

    private Outbox newOutbox() {
        return new Outbox(net.settings().bounds().outgoing(), () -> onLoop(this::sendWaiting));
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("the event loops have stopped", e);
        }
    }

    // ---- on the event loop

    private void sendWaiting() {
        if (state == State.RESTING) {
            connect();
        } else if (state == State.CONNECTED) {
            attempt.connection.drain();
        }
    }

    private void connect() {
        state = State.CONNECTING;
        attempt = new Attempt();
        asked = false;
        Optional<InetSocketAddress> address = addresses.apply(id);
        if (address.isEmpty()) {
            ended(attempt, "its address is not known");
        } else if (address.get().isUnresolved()) {
            resolve(attempt, address.get());
        } else {
            attempt.open(address.get());
        }
    }

    /** Looking a name up blocks, so it is done elsewhere. */
    private void resolve(Attempt forAttempt, InetSocketAddress name) {
        Thread.ofVirtual().name("sluice-resolve").start(() -> {
            InetSocketAddress resolved = new InetSocketAddress(name.getHostString(), name.getPort());
            onLoop(() -> forAttempt.open(resolved));
        });
    }

    private void established(Attempt by) {
        state = State.CONNECTED;
        lastFailure = null;
        backoff.reset();
        log.info("connected to replica {}", id);
        by.connection.establish();
        listener.connected(id);
    }

    private void ended(Attempt which, String why) {
        if (attempt != which) {
            return;
        }
        attempt = null;
        closeOutbox();
        if (which.idle) {
            rest();
        } else {
            if (which.welcomed) {
                net.lost(id);
            }
            if (!why.equals(lastFailure)) {
                log.warn("no connection to replica {}: {}", id, why);
                lastFailure = why;
            }
            state = State.BACKING_OFF;
            loop.schedule(this::backedOff, backoff.nextMillis(), TimeUnit.MILLISECONDS);
        }
        listener.disconnected(id, why);
    }

    private void backedOff() {
        if (state == State.BACKING_OFF) {
            rest();
            if (asked) {
                connect();
            }
        }
    }

    private void rest() {
        state = State.RESTING;
        outbox = newOutbox();
    }

    private void closeOutbox() {
        Outbox last = outbox;
        outbox = null;
        if (last != null) {
            last.close();
            if (last.hasLost()) {
                asked = true; // whoever sent that hears when it is worth sending it again
            }
        }
    }

    /** One connection, from the attempt to make it to its end. */
    private final class Attempt implements Connection.Role {
        private Connection connection;
        private boolean welcomed;
        private boolean idle;

        void open(InetSocketAddress address) {
            if (attempt != this) {
                return;
            }
            if (address.isUnresolved()) {
                ended(this, "unknown host " + address.getHostString());
                return;
            }
            int timeout = Math.toIntExact(net.settings().timeouts().connect().toMillis());
            new Bootstrap().group(loop).channel(net.transport().channels()).option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeout)
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            net.install(channel, new Connection(net, Attempt.this, outbox));
                        }
                    }).connect(address).addListener(connected -> {
                        if (!connected.isSuccess()) {
                            ended(this, String.valueOf(connected.cause().getMessage()));
                        }
                    });
        }

        @Override
        public void opened(Connection opened) {
            connection = opened;
            if (attempt != this) {
                opened.close("no more wanted");
                return;
            }
            ByteBuf hello = net.allocator().directBuffer(256);
            Handshake.write(new Handshake.Hello(Handshake.VERSION, net.clusterId(), net.self(), id), hello);
            opened.greet(hello);
        }

        @Override
        public void frame(FrameType type, FrameReader frame, Runnable release) throws MalformedFrameException {
            if (!welcomed) {
                greeted(type, frame);
                release.run();
                return;
            }
            ReplicaReply reply = ReplyCodec.decode(type, frame);
            if (type.mayBeLarge()) {
                listener.received(reply, release);
            } else {
                release.run();
                listener.received(reply, () -> {
                });
            }
        }

        private void greeted(FrameType type, FrameReader frame) throws MalformedFrameException {
            if (type == FrameType.REFUSED) {
                connection.close("it refuses: " + Handshake.readRefusal(frame));
            } else if (type == FrameType.WELCOME) {
                String objection = Handshake.objection(Handshake.readWelcome(frame), id, net.clusterId());
                if (objection == null) {
                    welcomed = true;
                    established(this);
                } else {
                    connection.close(objection);
                }
            } else {
                throw new MalformedFrameException(type + " where a greeting must be");
            }
        }

        /** Replies are always taken, however much waits to be sent: if both sides stopped reading, neither would ever go on. */
        @Override
        public boolean takesFrames() {
            return true;
        }

        @Override
        public void idle(long nanos) {
            if (nanos > net.settings().timeouts().idle().toNanos() && outbox.used() == 0) {
                idle = true;
                connection.close("nobody used it");
            }
        }

        @Override
        public void closed(String why) {
            ended(this, why);
        }
    }
}
