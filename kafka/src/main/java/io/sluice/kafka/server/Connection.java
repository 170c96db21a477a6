package io.sluice.kafka.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.CloseConnectionException;
import io.sluice.kafka.api.ProtocolErrors;
import io.sluice.kafka.api.RequestContext;
import io.sluice.kafka.wire.EncodedResponse;
import io.sluice.kafka.wire.MalformedRequestException;
import io.sluice.kafka.wire.Request;
import io.sluice.kafka.wire.RequestParser;
import io.sluice.kafka.wire.RequestPrefix;
import io.sluice.kafka.wire.ResponseEncoder;
import io.sluice.kafka.wire.SliceRecords;
import io.sluice.persistence.net.FrameAssembler;
import io.sluice.persistence.net.FrameReceiveAllocator;
import io.sluice.persistence.net.LimitedLog;
import io.sluice.persistence.net.MalformedFrameException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection: frames in, requests to their handlers, responses out in order. It stops being read while its requests in flight or its
 * unsent responses pass their limits, or the node's request bytes do. All methods but {@link #drain} run on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes and closes through the pipeline
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final LimitedLog CLOSINGS = new LimitedLog(log, System::nanoTime);

    private final long id;
    private final ServerContext server;
    private final FrameAssembler frames;
    private final ResponseOrderer responses = new ResponseOrderer(this::write);
    private final Set<InFlight> inFlight = new LinkedHashSet<>();
    private final Runnable onNodeRoom = this::wakeUp;
    private ChannelHandlerContext ctx;
    private ScheduledFuture<?> receiveTimeout;
    private int inFlightBytes;
    /** Requests that are in flight or whose response is not sent. */
    private int unanswered;
    private boolean pumping;
    private boolean withinRead;
    private boolean flushNeeded;
    private boolean flushScheduled;
    private boolean draining;
    private boolean closed;

    Connection(long id, ServerContext server) {
        this.id = id;
        this.server = server;
        this.frames = new FrameAssembler(server.allocator(),
                new RequestGate(server.limits(), length -> server.nodeBytes().reserve(length, onNodeRoom)));
    }

    /** What the channel's socket reads into. */
    FrameReceiveAllocator receiveAllocator() {
        return new FrameReceiveAllocator(frames);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closed) {
            ((ByteBuf) message).release();
            return;
        }
        withinRead = true;
        frames.received((ByteBuf) message);
        pump();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        withinRead = false;
        flushIfNeeded();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pump();
    }

    /** Takes requests while the limits allow, and lets the socket be read accordingly. */
    private void pump() {
        if (pumping || closed) {
            return;
        }
        pumping = true;
        try {
            ByteBuf frame;
            while (mayTakeRequests() && (frame = frames.next()) != null) {
                request(frame);
            }
        } catch (MalformedFrameException e) {
            close(e.getMessage());
        } finally {
            pumping = false;
        }
        if (!closed) {
            watchFrame();
            ctx.channel().config().setAutoRead(mayTakeRequests() && !frames.refused());
        }
    }

    private boolean mayTakeRequests() {
        return !closed && !draining && unanswered < server.limits().inFlightMax()
                && inFlightBytes < server.limits().inFlightBytesMax() && ctx.channel().isWritable();
    }

    private void wakeUp() {
        onLoop(this::pump);
    }

    /** Runs a task on the event loop; drops it if the server has stopped, when nothing is left to do. */
    private void onLoop(Runnable task) {
        try {
            ctx.executor().execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("the server has stopped", e);
        }
    }

    /** A frame that has begun must end in time: it holds a part of the node's request bytes. */
    private void watchFrame() {
        if (frames.withinFrame() && receiveTimeout == null) {
            receiveTimeout = ctx.executor().schedule(() -> close("a request did not arrive in time"),
                    server.limits().receiveTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } else if (!frames.withinFrame() && receiveTimeout != null) {
            receiveTimeout.cancel(false);
            receiveTimeout = null;
        }
    }

    // ---- requests

    private void request(ByteBuf frame) throws MalformedRequestException {
        InFlight entered = null;
        int length = frame.readableBytes();
        try {
            ByteBuffer bytes = frame.nioBuffer();
            RequestPrefix prefix = RequestPrefix.read(bytes);
            ApiHandler handler = server.apis().handler(prefix.apiKey());
            boolean served = handler != null && ApiTable.serves(handler, prefix.apiVersion());
            if (!served && prefix.apiKey() != ApiKeys.API_VERSIONS.id) {
                throw new MalformedRequestException(
                        "API key " + prefix.apiKey() + " in version " + prefix.apiVersion() + " is not served");
            }
            Request request = served ? RequestParser.parse(handler.api(), prefix, bytes) : null;
            entered = enter(prefix, handler, frame);
            if (served) {
                handle(entered, request);
            } else {
                finish(entered, (short) 0, server.apiVersions().unsupportedVersion());
            }
        } finally {
            if (entered == null && frame.release()) {
                server.nodeBytes().release(length);
            }
        }
    }

    private InFlight enter(RequestPrefix prefix, ApiHandler handler, ByteBuf frame) {
        InFlight entered = new InFlight(prefix, handler, responses.next(), frame, server.nodeBytes());
        inFlight.add(entered);
        inFlightBytes += entered.bytes();
        unanswered++;
        return entered;
    }

    private void handle(InFlight entered, Request request) {
        RequestContext context = new RequestContext(request.prefix().apiVersion(), request.clientId(),
                ctx.channel().remoteAddress(), id, ctx.executor(), entered::hold);
        CompletionStage<? extends ApiMessage> stage;
        try {
            stage = entered.handler().handle(context, request.message());
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        entered.stage(stage);
        stage.whenComplete((response, failure) -> {
            if (ctx.executor().inEventLoop()) {
                settle(entered, response, failure);
            } else {
                settleOnLoop(entered, response, failure);
            }
        });
    }

    private void settleOnLoop(InFlight done, ApiMessage response, Throwable failure) {
        try {
            ctx.executor().execute(() -> settle(done, response, failure));
        } catch (RejectedExecutionException e) {
            // the server has stopped; its connections are closed and answer nobody
            done.letGo();
            SliceRecords.discard(response);
        }
    }

    private void settle(InFlight done, ApiMessage response, Throwable failure) {
        if (failure == null) {
            finish(done, done.prefix().apiVersion(), response);
        } else {
            fail(done, ProtocolErrors.cause(failure));
        }
    }

    private void fail(InFlight done, Throwable failure) {
        short version = done.prefix().apiVersion();
        if (closed || failure instanceof CancellationException || failure instanceof CloseConnectionException) {
            leave(done);
            close(failure instanceof CloseConnectionException ? failure.getMessage() : null);
            return;
        }
        Errors error = ProtocolErrors.of(failure);
        ApiMessage answer = FailureResponse.of(done.handler().api(), version, error);
        log.error("{} request of version {} from {} failed{}", done.handler().api().name, version,
                ctx.channel().remoteAddress(), answer == null ? ", closing its connection" : "", failure);
        if (answer == null) {
            leave(done);
            close(null);
        } else {
            finish(done, version, answer);
        }
    }

    // ---- responses

    /** Ends the handling of a request; the frame is not needed any more. */
    private void finish(InFlight done, short version, ApiMessage response) {
        leave(done);
        if (closed) {
            SliceRecords.discard(response);
            return;
        }
        EncodedResponse encoded = EncodedResponse.NOTHING;
        if (response != null) {
            try {
                ApiKeys api = ApiKeys.forId(done.prefix().apiKey());
                encoded = ResponseEncoder.encode(server.allocator(), api, version, done.prefix().correlationId(),
                        response);
            } catch (RuntimeException e) {
                log.error("cannot encode a response to {}", done.handler().api().name, e);
                close("a response could not be encoded");
                return;
            }
        }
        responses.complete(done.slot(), encoded);
        flushSoon();
        pump();
    }

    private void leave(InFlight done) {
        if (inFlight.remove(done)) {
            inFlightBytes -= done.bytes();
            done.letGo();
        }
    }

    private void write(EncodedResponse response) {
        List<Object> parts = response.parts();
        if (parts.isEmpty()) {
            answered();
            return;
        }
        int last = parts.size() - 1;
        for (int i = 0; i < last; i++) {
            ctx.write(parts.get(i), ctx.voidPromise());
        }
        ctx.write(parts.get(last), ctx.newPromise().addListener(written -> {
            answered();
            pump();
        }));
        flushNeeded = true;
    }

    private void answered() {
        unanswered--;
        closeIfDrained();
    }

    /** Answers that are ready together leave together. */
    private void flushSoon() {
        if (flushNeeded && !withinRead && !flushScheduled) {
            flushScheduled = true;
            ctx.executor().execute(() -> {
                flushScheduled = false;
                flushIfNeeded();
            });
        }
    }

    private void flushIfNeeded() {
        if (flushNeeded) {
            flushNeeded = false;
            ctx.flush();
        }
    }

    // ---- the end

    /** Takes no more requests, and closes once those in flight are answered. On any thread. */
    void drain() {
        onLoop(() -> {
            draining = true;
            ctx.channel().config().setAutoRead(false);
            closeIfDrained();
        });
    }

    /** What is left may be long polls, which nobody misses. */
    private void closeIfDrained() {
        boolean allSent = unanswered == inFlight.size();
        if (draining && allSent && inFlight.stream().allMatch(InFlight::cancellable)) {
            close(null);
        }
    }

    private void close(String why) {
        if (closed) {
            return;
        }
        if (why != null) {
            CLOSINGS.warn("closing the connection from {}: {}", ctx.channel().remoteAddress(), why);
        }
        cleanUp();
        ctx.close();
    }

    private void cleanUp() {
        if (closed) {
            return;
        }
        closed = true;
        if (receiveTimeout != null) {
            receiveTimeout.cancel(false);
        }
        int unfinished = frames.release();
        if (unfinished > 0) {
            server.nodeBytes().release(unfinished);
        }
        responses.close();
        List.copyOf(inFlight).stream().filter(InFlight::cancellable).forEach(InFlight::cancel);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cleanUp();
        context.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && unanswered == 0) {
            log.debug("closing the idle connection from {}", context.channel().remoteAddress());
            close(null);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("connection from {}: {}", context.channel().remoteAddress(), cause.toString());
        } else {
            log.error("connection from {} failed", context.channel().remoteAddress(), cause);
        }
        close(null);
    }
}
