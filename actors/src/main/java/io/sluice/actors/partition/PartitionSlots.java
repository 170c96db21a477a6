package io.sluice.actors.partition;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.protocol.Errors;

/** The slots of all partitions that this node uses or used a moment ago. Safe for any thread. */
final class PartitionSlots {

    private static final CompletableFuture<Void> STOPPED = CompletableFuture.completedFuture(null);

    private final ConcurrentHashMap<PartitionRef, PartitionSlot> slots = new ConcurrentHashMap<>();
    /** Actors that are up or on their way, known or not. */
    private final ConcurrentHashMap<PartitionRef, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
    private final Context context;

    PartitionSlots(PartitionSettings settings) {
        context = new Context(settings);
    }

    /** What all slots share. */
    static final class Context {
        private final PartitionSettings settings;
        private final int passivateAfterTicks;
        private final HandedOver handedOver = new HandedOver();
        private final RefusedBatches refused = new RefusedBatches();
        private volatile int tick;
        private volatile boolean closed;
        private volatile Consumer<Activate> starter = message -> {
        };

        Context(PartitionSettings settings) {
            this.settings = settings;
            passivateAfterTicks = (int) Math.min(Integer.MAX_VALUE,
                    Math.max(1, settings.passivateAfter().toMillis() / settings.sweepInterval().toMillis()));
        }

        PartitionSettings settings() {
            return settings;
        }

        /** Sweeps since the start: a clock that costs nothing to read. */
        int tick() {
            return tick;
        }

        int passivateAfterTicks() {
            return passivateAfterTicks;
        }

        HandedOver handedOver() {
            return handedOver;
        }

        RefusedBatches refused() {
            return refused;
        }

        /** Whether no actor will be started any more. */
        boolean isClosed() {
            return closed;
        }

        long nanoTime() {
            return System.nanoTime();
        }

        void start(Activate message) {
            starter.accept(message);
        }
    }

    /** Sets where requests to start an actor go: the shard region. */
    void startWith(Consumer<Activate> starter) {
        context.starter = starter;
    }

    /** The appends in actors' mailboxes. */
    HandedOver handedOver() {
        return context.handedOver();
    }

    /** The batches that unknown producers have to send again before others. */
    RefusedBatches refused() {
        return context.refused();
    }

    /** The partition's slot if it has one. */
    PartitionSlot find(PartitionRef ref) {
        return slots.get(ref);
    }

    /** The partition's slot. */
    PartitionSlot get(PartitionRef ref) {
        PartitionSlot slot = slots.get(ref);
        return slot != null ? slot : slots.computeIfAbsent(ref, r -> new PartitionSlot(r, context));
    }

    /** Calls {@code use} with the partition's slot until it says that the slot was not retired meanwhile. */
    void with(PartitionRef ref, Predicate<PartitionSlot> use) {
        PartitionSlot slot = get(ref);
        while (!use.test(slot)) {
            drop(slot);
            slot = get(ref);
        }
    }

    /** Takes out a slot that was retired. */
    void drop(PartitionSlot retired) {
        slots.remove(retired.ref(), retired);
    }

    /** Asks for a partition's actor to be started. */
    void start(Activate message) {
        context.start(message);
    }

    Collection<PartitionSlot> all() {
        return slots.values();
    }

    /**
     * One sweep: starts that are overdue or not this node's any more end, idle actors are asked to rest, slots without use are dropped, as are old notes
     * of refused batches.
     *
     * @param refusal why a partition is not to be started on this node, NONE if it is
     */
    void sweep(Function<PartitionRef, Errors> refusal) {
        advance();
        context.refused().dropOld(context.nanoTime());
        for (PartitionSlot slot : slots.values()) {
            if (slot.peek() != null) {
                if (slot.isIdle()) {
                    slot.ifActive(entity -> entity.tell(EntityCommand.CHECK_IDLE, null));
                }
                continue;
            }
            slot.checkStart(refusal);
            if (slot.retireIfResting()) {
                slots.remove(slot.ref(), slot);
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time sweeps
    private void advance() {
        context.tick++;
    }

    /** A partition's actor begins; completing the result says that it is gone. */
    CompletableFuture<Void> entityStarted(PartitionRef ref) {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        running.put(ref, stopped);
        return stopped;
    }

    void entityStopped(PartitionRef ref, CompletableFuture<Void> stopped) {
        running.remove(ref, stopped);
        stopped.complete(null);
    }

    /** Completes when the partition has no actor on this node. */
    CompletableFuture<Void> whenStopped(PartitionRef ref) {
        return running.getOrDefault(ref, STOPPED);
    }

    /** Fails everything that waits for an actor, now and later. */
    void close() {
        context.closed = true; // first: who did not see it is in a slot that is closed here
        slots.values().forEach(PartitionSlot::close);
    }
}
