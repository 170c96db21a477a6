package io.sluice.persistence.log;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a store: a few that write, a few that read and wait for the disk, and one that flushes and tidies up behind them. */
final class StoreThreads {
    private static final int CLOSE_SECONDS = 60;

    private final ExecutorService io;
    private final ExecutorService readers;
    private final ScheduledExecutorService housekeeper;

    StoreThreads(int ioThreads, int readerThreads) {
        io = Executors.newFixedThreadPool(ioThreads, named("sluice-log-io"));
        readers = Executors.newFixedThreadPool(readerThreads, named("sluice-log-reader"));
        housekeeper = Executors.newSingleThreadScheduledExecutor(named("sluice-log-housekeeper"));
    }

    private static ThreadFactory named(String name) {
        AtomicInteger n = new AtomicInteger();
        return work -> {
            Thread t = new Thread(work, name + "-" + n.incrementAndGet());
            t.setDaemon(true);
            return t;
        };
    }

    ExecutorService io() {
        return io;
    }

    ScheduledExecutorService housekeeper() {
        return housekeeper;
    }

    /** Has the housekeeper do {@code work} again and again, {@code ms} after it was done. */
    void every(long ms, Runnable work) {
        ScheduledFuture<?> unused = housekeeper.scheduleWithFixedDelay(work, ms, ms, TimeUnit.MILLISECONDS);
    }

    /** Runs {@code work} on a reader; what it throws fails the future as it is. */
    <T> CompletableFuture<T> onReader(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            readers.execute(() -> {
                try {
                    result.complete(work.call());
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new IOException("the log store is closed", e));
        }
        return result;
    }

    void stopHousekeeping() {
        stop(housekeeper);
    }

    void stop() {
        stop(io);
        stop(readers);
    }

    private static void stop(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
