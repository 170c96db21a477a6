package io.sluice.persistence.log;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which logs are open: at most one per id. A log at rest is held weakly: whoever still has its handle goes on with the same log, and when nobody
 * has, its memory goes. Opening and deleting the same id take turns.
 */
final class OpenLogs {
    private final ConcurrentHashMap<String, Slot> slots = new ConcurrentHashMap<>();

    /** One id. Fields change only inside {@link ConcurrentHashMap#compute} of its key. */
    private static final class Slot {
        private volatile FileLog strong;
        private volatile WeakReference<FileLog> weak;
        private volatile CompletableFuture<FileLog> opening;
        private volatile CompletableFuture<Void> deleting;
        /** How many deletions are under way or wait their turn; {@link #deleting} is the last. */
        private int deletions;

        FileLog living() {
            FileLog log = strong;
            WeakReference<FileLog> w = weak;
            if (log == null && w != null) {
                log = w.get();
            }
            return log == null || log.isDead() ? null : log;
        }
    }

    /** The log if it is open and well, else null. */
    FileLog living(String id) {
        Slot slot = slots.get(id);
        return slot == null ? null : slot.living();
    }

    /** The log of an id, opened by {@code opener} unless it is open or being opened; not before a deletion under way is done. */
    CompletableFuture<FileLog> open(String id, Supplier<CompletableFuture<FileLog>> opener) {
        FileLog living = living(id);
        if (living != null) {
            living.touch();
            return CompletableFuture.completedFuture(living);
        }
        CompletableFuture<FileLog> result = new CompletableFuture<>();
        AtomicBoolean first = new AtomicBoolean();
        AtomicReference<CompletableFuture<Void>> before = new AtomicReference<>();
        Slot mine = slots.compute(id, (k, s) -> {
            Slot slot = s == null ? new Slot() : s;
            if (slot.living() == null && slot.opening == null) {
                slot.opening = result;
                first.set(true);
                before.set(slot.deleting); // one that comes later waits for this opening
            }
            return slot;
        });
        CompletableFuture<FileLog> opening = mine.opening;
        if (opening == null) {
            return open(id, opener); // it opened meanwhile
        }
        if (first.get()) {
            CompletableFuture<Void> deleting = before.get();
            CompletableFuture<FileLog> unused = (deleting == null
                    ? opener.get()
                    : deleting.handle((v, e) -> null).thenCompose(v -> opener.get()))
                    .whenComplete((log, e) -> opened(id, result, log, e));
        }
        return opening;
    }

    private void opened(String id, CompletableFuture<FileLog> result, FileLog log, Throwable e) {
        slots.computeIfPresent(id, (k, slot) -> {
            slot.opening = null;
            slot.strong = log;
            slot.weak = null;
            return slot;
        });
        if (e == null) {
            result.complete(log);
        } else {
            result.completeExceptionally(e);
        }
    }

    /** Runs {@code deleter} with the open log, or null, after an opening or deletion under way; the id can be opened again when it is done. */
    CompletableFuture<Void> delete(String id, Function<FileLog, CompletableFuture<Void>> deleter) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        List<CompletableFuture<?>> before = new ArrayList<>(2);
        slots.compute(id, (k, s) -> {
            Slot slot = s == null ? new Slot() : s;
            if (slot.opening != null) {
                before.add(slot.opening);
            } else if (slot.deleting != null) {
                before.add(slot.deleting);
            }
            slot.deleting = result;
            slot.deletions++;
            return slot;
        });
        CompletableFuture<?> turn = before.isEmpty() ? CompletableFuture.completedFuture(null) : before.getFirst();
        CompletableFuture<Void> unused = turn.handle((v, e) -> living(id)).thenCompose(deleter).whenComplete((v, e) -> {
            slots.computeIfPresent(id, (k, slot) -> {
                slot.deletions--;
                if (slot.deletions == 0) {
                    slot.deleting = null;
                }
                return slot;
            });
            if (e == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Holds the log weakly from now on. */
    void demote(FileLog log) {
        slots.computeIfPresent(log.persistenceId(), (k, slot) -> {
            if (slot.strong == log) {
                slot.weak = new WeakReference<>(log);
                slot.strong = null;
            }
            return slot;
        });
    }

    /** All open logs; forgets those that are gone. */
    List<FileLog> all() {
        List<FileLog> logs = new ArrayList<>();
        for (String id : slots.keySet()) {
            slots.computeIfPresent(id, (k, slot) -> {
                FileLog log = slot.living();
                if (log != null) {
                    logs.add(log);
                }
                return log == null && slot.opening == null && slot.deleting == null ? null : slot;
            });
        }
        return logs;
    }

    /** Waits for openings and deletions under way. */
    void settle() {
        for (Slot slot : slots.values()) {
            await(slot.opening);
            await(slot.deleting);
        }
    }

    private static void await(CompletableFuture<?> future) {
        if (future != null) {
            future.handle((v, e) -> null).join();
        }
    }
}
