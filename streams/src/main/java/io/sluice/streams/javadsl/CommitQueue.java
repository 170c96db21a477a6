package io.sluice.streams.javadsl;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * What waits to be committed. One round is under way at a time, and whatever is asked for meanwhile becomes one request: however many ask, memory and
 * requests are bounded by the partitions. {@link #add} is for any thread, the rest for the consumer's.
 */
final class CommitQueue {

    private static final long RETRY_NANOS = Duration.ofMillis(100).toNanos();

    private final long timeoutNanos;
    private final LongSupplier clock;
    private CommitRound current;
    private boolean inFlight;
    private long retryNanos;

    // guarded by this
    private CommitRound pending;
    private boolean closed;

    /**
     * @param timeout how long a round is tried
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    CommitQueue(Duration timeout, LongSupplier clock) {
        this.timeoutNanos = timeout.toNanos();
        this.clock = clock;
    }

    /** See {@link OffsetCommits#commit}; once closed, nothing is committed. */
    synchronized CompletionStage<Boolean> add(Map<OwnedPartition, Long> offsets) {
        if (closed) {
            return CompletableFuture.completedStage(false);
        }
        if (pending == null) {
            pending = new CommitRound(clock.getAsLong());
        }
        return pending.add(offsets);
    }

    /** Whether somebody waits. */
    synchronized boolean isBusy() {
        return current != null || pending != null;
    }

    /** The round to send now; null if there is nothing, one is under way, or it is too early to try again. */
    CommitRound next() {
        if (inFlight || (current != null && clock.getAsLong() - retryNanos < 0)) {
            return null;
        }
        if (current == null) {
            current = takePending();
        }
        if (current == null) {
            return null;
        }
        if (current.toSend().isEmpty()) { // of partitions that are gone, or done already
            CommitRound round = current;
            current = null;
            round.complete();
            return next();
        }
        inFlight = true;
        return current;
    }

    /** All there is as one round that counts as under way, even if another was sent: sending an offset twice does no harm. Null if there is nothing. */
    CommitRound drain() {
        CommitRound rest = takePending();
        if (current == null) {
            current = rest;
        } else if (rest != null) {
            current.absorb(rest);
        }
        inFlight = current != null;
        return current;
    }

    private synchronized CommitRound takePending() {
        CommitRound taken = pending;
        pending = null;
        return taken;
    }

    /** The answer to what was sent of a round. */
    void stored(CommitRound round, Map<OwnedPartition, Long> sent) {
        sent.forEach((partition, offset) -> {
            if (!partition.isCommitted(offset)) {
                partition.committed(offset);
            }
        });
        end(round);
        round.complete();
    }

    /** The failure of what was sent of a round: it is tried again if that may help, until its time is over. */
    void failed(CommitRound round, Exception cause) {
        long now = clock.getAsLong();
        if (isWorthAnotherTry(cause) && now - round.begunNanos() < timeoutNanos) {
            if (isCurrent(round)) {
                inFlight = false;
                retryNanos = now + RETRY_NANOS;
            }
        } else {
            end(round);
            round.fail(cause);
        }
    }

    /**
     * A rebalance ends, and a member learns its epoch with the next heartbeat. One that was thrown out learns so by this failure: its partitions are
     * lost then, and nothing is left to send.
     */
    private static boolean isWorthAnotherTry(Exception cause) {
        return switch (cause) {
            case RetriableException e -> true;
            case RebalanceInProgressException e -> true;
            case StaleMemberEpochException e -> true;
            case UnknownMemberIdException e -> true;
            case CommitFailedException e -> true;
            default -> false;
        };
    }

    private void end(CommitRound round) {
        if (isCurrent(round)) {
            current = null;
            inFlight = false;
        }
    }

    @SuppressWarnings("ReferenceEquality") // a round is what it is, not what it holds
    private boolean isCurrent(CommitRound round) {
        return round == current;
    }

    /** From now on nothing is taken. What is left is answered: not committed. */
    void close() {
        CommitRound rest;
        synchronized (this) {
            closed = true;
            rest = pending;
            pending = null;
        }
        if (current != null) {
            current.complete();
            current = null;
        }
        if (rest != null) {
            rest.complete();
        }
    }
}
