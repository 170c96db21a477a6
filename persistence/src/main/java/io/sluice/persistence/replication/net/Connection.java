package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.persistence.net.FrameAssembler;
import io.sluice.persistence.net.FrameReceiveAllocator;
import io.sluice.persistence.net.LimitedLog;
import io.sluice.persistence.net.MalformedFrameException;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection between two nodes: frames in and out, bounds, and signs of life. What frames mean is its {@link Role}'s. It is not read while too
 * much of what it received is not released, or its role takes nothing more. All methods run on its event loop, except where
 * they say otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes and closes through the pipeline
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final LimitedLog CLOSINGS = new LimitedLog(log, System::nanoTime);

    private final ReplicaNetwork net;
    private final Role role;
    private final Outbox outbox;
    private final BatchGate gate;
    private final FrameAssembler frames;
    private final Runnable onNodeRoom = this::pumpSoon;
    /** Bytes of complete frames that are not released. */
    private final AtomicLong held = new AtomicLong();
    private ChannelHandlerContext ctx;
    private ScheduledFuture<?> ticks;
    private ScheduledFuture<?> greeting;
    private volatile boolean reading = true;
    private boolean established;
    private boolean pumping;
    private boolean closed;
    private boolean withinFrame;
    private long frameBegan;
    private long lastRead;
    private long lastWrite;
    private long lastMessage;

    /** What a connection is for. Called on the event loop. */
    interface Role {
        /** The socket is open. */
        void opened(Connection connection);

        /**
         * A frame, its type read already.
         *
         * @param release to be run when the frame's bytes are needed no more; the connection does it if this fails
         * @throws MalformedFrameException if that is no frame of this protocol; the connection is closed
         */
        void frame(FrameType type, FrameReader frame, Runnable release) throws MalformedFrameException;

        /** Whether the other side may send more now. Looked at again when frames are released and when frames are out. */
        boolean takesFrames();

        /** Called from time to time with how long there was no message in either direction, in nanoseconds. */
        void idle(long nanos);

        /** The connection is closed; called once. */
        void closed(String why);
    }

    /** @param outbox what is to leave; closed with the connection */
    Connection(ReplicaNetwork net, Role role, Outbox outbox) {
        this.net = net;
        this.role = role;
        this.outbox = outbox;
        this.gate = new BatchGate(net.settings().bounds().frame(),
                length -> net.received().reserve(length, onNodeRoom));
        this.frames = new FrameAssembler(net.allocator(), gate);
    }

    /** What the channel's socket reads into. */
    FrameReceiveAllocator receiveAllocator() {
        return new FrameReceiveAllocator(frames);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        lastRead = System.nanoTime();
        greeting = after(net.settings().timeouts().connect().toNanos(), () -> close("it did not greet in time"));
        role.opened(this);
    }

    private ScheduledFuture<?> after(long nanos, Runnable task) {
        return ctx.executor().schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** The handshake is over: messages may come and go. */
    void establish() {
        established = true;
        greeting.cancel(false);
        gate.open();
        lastMessage = System.nanoTime();
        lastRead = lastMessage;
        long heartbeat = net.settings().timeouts().heartbeat().toNanos();
        ticks = ctx.executor().scheduleWithFixedDelay(this::tick, heartbeat, heartbeat, TimeUnit.NANOSECONDS);
        drain();
    }

    // ---- in

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closed) {
            ((ByteBuf) message).release();
            return;
        }
        lastRead = System.nanoTime();
        frames.received((ByteBuf) message);
        pump();
    }

    /** Takes frames while the bounds allow, and lets the socket be read accordingly. */
    private void pump() {
        if (pumping || closed) {
            return;
        }
        pumping = true;
        try {
            ByteBuf frame;
            while (mayTake() && (frame = frames.next()) != null) {
                withinFrame = false;
                take(frame);
            }
        } catch (MalformedFrameException e) {
            CLOSINGS.warn("closing the connection with {}: {}", ctx.channel().remoteAddress(), e.getMessage());
            close(e.getMessage());
        } finally {
            pumping = false;
        }
        if (!closed) {
            if (frames.withinFrame() && !withinFrame) {
                frameBegan = lastRead;
            }
            withinFrame = frames.withinFrame();
            read(mayTake() && !frames.refused());
        }
    }

    private boolean mayTake() {
        return !closed && held.get() < net.settings().bounds().received() && role.takesFrames();
    }

    private void read(boolean on) {
        if (on && !reading) {
            // silence counts only while somebody listens
            lastRead = System.nanoTime();
            frameBegan = lastRead;
        }
        reading = on;
        ctx.channel().config().setAutoRead(on);
        if (!on && mayTake() && !frames.refused()) {
            // what was released just before saw the connection still being read, and woke nobody
            pumpSoon();
        }
    }

    private void take(ByteBuf frame) throws MalformedFrameException {
        Held hold = new Held(frame);
        boolean taken = false;
        try {
            FrameReader reader = new FrameReader(frame.nioBuffer());
            FrameType type = reader.type();
            if (type == FrameType.ALIVE) {
                reader.end();
            } else {
                lastMessage = lastRead;
                role.frame(type, reader, hold);
                taken = true;
            }
        } catch (RuntimeException e) {
            log.error("a frame from {} could not be handled", ctx.channel().remoteAddress(), e);
            close("a frame could not be handled");
        } finally {
            if (!taken) {
                hold.run();
            }
        }
    }

    /** A received frame until it is released. */
    private final class Held implements Runnable {
        private final AtomicBoolean released = new AtomicBoolean();
        private final ByteBuf frame;
        private final int bytes;

        Held(ByteBuf frame) {
            this.frame = frame;
            this.bytes = frame.readableBytes();
            held.addAndGet(bytes);
        }

        @Override
        public void run() {
            if (released.compareAndSet(false, true)) {
                frame.release();
                held.addAndGet(-bytes);
                net.received().release(bytes);
                if (!reading) {
                    pumpSoon();
                }
            }
        }
    }

    // ---- out

    /** Writes what waits in the outbox. */
    void drain() {
        if (!established || closed) {
            return;
        }
        boolean any = false;
        OutgoingFrame frame;
        while ((frame = outbox.poll()) != null) {
            write(frame);
            any = true;
        }
        if (any) {
            lastWrite = System.nanoTime();
            lastMessage = lastWrite;
            ctx.flush();
        }
    }

    private void write(OutgoingFrame frame) {
        ChannelFuture last;
        if (frame.batches() == null) {
            last = ctx.write(frame.head());
        } else {
            ctx.write(frame.head(), ctx.voidPromise());
            last = ctx.write(frame.batches());
        }
        long bytes = frame.bytes();
        last.addListener(done -> {
            outbox.written(bytes);
            if (!reading) {
                pump();
            }
        });
    }

    /** Writes a frame of the handshake, past the outbox. Takes it over. */
    void greet(ByteBuf frame) {
        ctx.writeAndFlush(frame);
    }

    /** Tells the other side why it is refused, and closes. Takes the frame over. */
    void refuse(ByteBuf frame, String why) {
        cleanUp(why);
        ctx.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
    }

    // ---- signs of life

    private void tick() {
        long now = System.nanoTime();
        NetSettings.Timeouts timeouts = net.settings().timeouts();
        if (reading && now - lastRead > timeouts.dead().toNanos()) {
            close("nothing was heard for " + TimeUnit.NANOSECONDS.toMillis(now - lastRead) + " ms");
        } else if (reading && withinFrame && now - frameBegan > timeouts.frame().toNanos()) {
            close("a frame did not arrive in time");
        } else {
            if (now - lastWrite >= timeouts.heartbeat().toNanos() && outbox.used() == 0) {
                lastWrite = now;
                ByteBuf alive = net.allocator().directBuffer(8);
                new FrameWriter(alive, FrameType.ALIVE).end(0);
                ctx.writeAndFlush(alive, ctx.voidPromise());
            }
            role.idle(now - lastMessage);
        }
    }

    // ---- the end

    /** Closes. */
    void close(String why) {
        if (!closed) {
            cleanUp(why);
            ctx.close();
        }
    }

    private void cleanUp(String why) {
        if (closed) {
            return;
        }
        closed = true;
        if (ticks != null) {
            ticks.cancel(false);
        }
        if (greeting != null) {
            greeting.cancel(false);
        }
        int unfinished = frames.release();
        if (unfinished > 0) {
            net.received().release(unfinished);
        }
        outbox.close();
        role.closed(why);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cleanUp("the other side closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException) && !closed) {
            log.error("the connection with {} failed", context.channel().remoteAddress(), cause);
        }
        close(String.valueOf(cause.getMessage()));
    }

    /** Looks again whether frames may be taken. On any thread. */
    private void pumpSoon() {
        try {
            ctx.executor().execute(this::pump);
        } catch (RejectedExecutionException e) {
            log.debug("the event loops have stopped", e);
        }
    }
}
