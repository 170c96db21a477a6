package io.sluice.persistence.log;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One append-only log: the batches of one persistence id, in one directory. All methods may be called from any thread and none blocks; work on
 * files happens on the store's own threads, and stages complete there, so a continuation must be short or hop away.
 *
 * <p>The files of an idle log close and open again on use. A handle does not go stale by that, and the log stays claimed as long as somebody has a
 * handle. After a failure of the disk or {@link LogStore#delete} the handle fails for good.
 */
public interface Log {

    /** The id this log was opened with. */
    String persistenceId();

    /** The published state for lock-free readers. Never null; a new value is published after every change. */
    LogView view();

    /**
     * The epoch in which {@link #append} is allowed, -1 if in none: that of the last {@link #claim} since the log was opened; in a replicated log
     * the promised one, once the log is synced in it.
     */
    int leaderEpoch();

    /** What the log holds, or null while nothing was ever appended. */
    EntryBatch.Kind kind();

    /**
     * Makes the caller the log's only writer: completes with a new, durable leader epoch, higher than every earlier one
     * (0 for a log that was never written). Whoever claimed before can append no more. Fails with {@link FencedException} in a replicated log,
     * which is claimed by promises of its replicas.
     */
    CompletionStage<Integer> claim();

    /**
     * Gives up a claim, so that nothing is done for it any more; the caller appends nothing under it from now on. Does nothing if {@code leaderEpoch} is
     * not the last claimed one.
     */
    default void resign(int leaderEpoch) {
    }

    /**
     * Appends batches, in order, all or none. Completes when they are stored as {@link LogConfig#flush} demands, visible in {@link #view} and
     * below the high watermark. Appends that wait are written and synced together (group commit).
     *
     * <p>Fails with {@link FencedException} if {@code leaderEpoch} is not the last claimed one, or if offsets or sequence numbers do not
     * follow what is there: nothing was stored. Fails with {@link java.io.IOException} if the disk refused: what is stored is unknown,
     * the log takes no more appends until it was opened anew.
     */
    CompletionStage<Void> append(int leaderEpoch, List<EntryBatch> batches);

    /** Sets what retention, rolling and flushing follow from the next append on. */
    void configure(LogConfig config);

    /**
     * Moves the log start offset up to {@code offset} (DeleteRecords, KIP-107); durable when complete. Completes with the log start offset
     * now in force, which is higher than asked for if it was already. A replicated log completes once all replicas in sync have done so; one that is
     * lost is waited for until it is not in sync any more. Fails with {@link FencedException} if the node does not lead it, or not any more; the
     * records may be deleted all the same.
     */
    CompletionStage<Long> deleteRecordsBefore(long offset);

    /** Deletes all events up to and including {@code sequenceNr}; the highest sequence number survives. Durable when complete. */
    CompletionStage<Void> deleteEventsTo(long sequenceNr);

    /** Applies retention by size and time now; completes with the number of segments deleted. */
    CompletionStage<Integer> applyRetention();

    /**
     * Calls {@code waiter} once, at the next change of what may be read of {@link #view} (or at once when the log is closed), on a thread of the store: it must
     * not block. To miss nothing, look at the view again after registering.
     *
     * @return cancels the registration; harmless after the call
     */
    Registration onNextChange(Runnable waiter);

    /** Keeps the log open until the lease is closed, however idle it is. */
    Lease lease();

    /** A waiter that can be taken back. */
    interface Registration {
        /** Takes the waiter back if it was not called yet. */
        void cancel();
    }

    /** The right to keep using an open log. */
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }
}
