package io.sluice.kafka.server;

import io.netty.buffer.ByteBuf;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.wire.RequestPrefix;
import io.sluice.persistence.net.ByteBudget;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request that was handed to its handler. The frame is counted and kept until everyone who holds it let go. */
final class InFlight {
    private final RequestPrefix prefix;
    private final ApiHandler handler;
    private final ResponseOrderer.Slot slot;
    private final ByteBuf frame;
    private final int bytes;
    private final ByteBudget nodeBytes;
    private CompletionStage<?> stage;

    InFlight(RequestPrefix prefix, ApiHandler handler, ResponseOrderer.Slot slot, ByteBuf frame,
            ByteBudget nodeBytes) {
        this.prefix = prefix;
        this.handler = handler;
        this.slot = slot;
        this.frame = frame;
        this.bytes = frame.readableBytes();
        this.nodeBytes = nodeBytes;
    }

    RequestPrefix prefix() {
        return prefix;
    }

    ApiHandler handler() {
        return handler;
    }

    ResponseOrderer.Slot slot() {
        return slot;
    }

    int bytes() {
        return bytes;
    }

    void stage(CompletionStage<?> handlersStage) {
        stage = handlersStage;
    }

    /** Whether nothing is lost by giving the request up. */
    boolean cancellable() {
        return handler.cancellable();
    }

    /** Gives the request up. */
    void cancel() {
        if (stage instanceof CompletableFuture<?> future) {
            future.cancel(false);
        }
    }

    /** One more holder of the frame; run the result once to let go. */
    Runnable hold() {
        frame.retain();
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.compareAndSet(true, false)) {
                letGo();
            }
        };
    }

    /** Lets go of the frame; the last one frees it. On any thread. */
    void letGo() {
        if (frame.release()) {
            nodeBytes.release(bytes);
        }
    }
}
