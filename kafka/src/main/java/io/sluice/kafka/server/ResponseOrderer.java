package io.sluice.kafka.server;

import io.sluice.kafka.wire.EncodedResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Keeps a law of the protocol: the responses of a connection leave in the order of its requests, whichever is ready first. Used by one event
 * loop.
 */
final class ResponseOrderer {
    private final Deque<Slot> waiting = new ArrayDeque<>();
    private final Consumer<EncodedResponse> out;
    private boolean closed;

    /** A request's place in the order. */
    static final class Slot {
        private EncodedResponse response;

        private Slot() {
        }
    }

    /** @param out takes each response, in order, and owns it */
    ResponseOrderer(Consumer<EncodedResponse> out) {
        this.out = out;
    }

    /** A place behind all others. */
    Slot next() {
        Slot slot = new Slot();
        waiting.add(slot);
        return slot;
    }

    /** Fills a place, once, and sends what is not held back any more. */
    void complete(Slot slot, EncodedResponse response) {
        if (closed) {
            response.release();
            return;
        }
        slot.response = response;
        while (!waiting.isEmpty() && waiting.peek().response != null) {
            out.accept(waiting.remove().response);
        }
    }

    /** Frees what waits and, from now on, what comes. */
    void close() {
        closed = true;
        for (Slot slot : waiting) {
            if (slot.response != null) {
                slot.response.release();
            }
        }
        waiting.clear();
    }
}
