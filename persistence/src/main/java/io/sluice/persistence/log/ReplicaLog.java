package io.sluice.persistence.log;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/**
 * A log that is one of several replicas. Its high watermark does not follow its end by itself: whoever replicates it says what is committed.
 * Safe for any thread.
 */
public interface ReplicaLog extends Log {

    /** Whether it is one copy of several now. If not, it has not been opened as one yet, and its only owner appends without asking anybody. */
    boolean isReplica();

    /**
     * Runs a step in turn with everything else that changes the log, on a thread of the store. Completes with the step's result once what it
     * appended or cut is stored as the flush mode demands; steps and appends that follow each other closely are synced together. Fails with
     * what the step threw.
     */
    <T> CompletionStage<T> atomically(Step<T> step);

    /**
     * Raises the high watermark and completes when readers see it. Never moves it back; an offset beyond the log's end means that end.
     */
    CompletionStage<Void> raiseHighWatermark(long offset);

    /** Where the oldest batch begins; from there on one can read to the end. */
    LogBegin begin();

    /**
     * As {@link LogView#tryRead}, but from {@link #begin} up to the log's end instead of from the log start to the high watermark: for the one who
     * replicates.
     *
     * <p>A slice from beyond the high watermark may be cut off while it is held ({@link ReplicaStore#truncate}): its file then ends early, and
     * whoever reads it meets that end. It never shows other bytes than those it was made for.
     *
     * @return the slice, which the caller must close, or null if bytes must be read first: use {@link #readToEnd}
     */
    LogSlice tryReadToEnd(long offset, int maxBytes);

    /** As {@link #tryReadToEnd}, but waits for the disk on a thread of the store. Fails as {@link LogView#read} does. */
    CompletionStage<LogSlice> readToEnd(long offset, int maxBytes);

    /** Something that is done with a replica, whole or not at all with respect to others. */
    interface Step<T> {
        T run(ReplicaStore store) throws IOException;
    }
}
