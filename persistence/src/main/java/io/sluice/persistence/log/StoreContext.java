package io.sluice.persistence.log;

import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What the logs of a store share. */
interface StoreContext {
    LogStoreSettings settings();

    /** Threads that write. */
    Executor io();

    /** Runs something that may wait for the disk. */
    <T> CompletableFuture<T> onReader(Callable<T> work);

    /** Mends replicas. */
    Mender mender();

    /** A coarse clock, in ms of no particular origin; moves every few seconds. */
    long ticks();

    /** The last power loss that entries which were not flushed may have fallen victim to, see {@link RunMark#loss}. */
    UUID lastLoss();

    /** Takes note of a log that needs a checkpoint. */
    void dirty(FileLog log);

    /** Does a checkpoint of all such logs now rather than at the next interval. */
    void housekeepSoon();
}
