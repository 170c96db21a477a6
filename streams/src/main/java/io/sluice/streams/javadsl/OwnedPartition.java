package io.sluice.streams.javadsl;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition for as long as one assignment of it lasts. A partition that goes and comes back is another one: what the first delivered cannot be
 * committed by the second, since somebody else may have been further meanwhile. Compared by identity; safe for any thread.
 */
final class OwnedPartition {

    private static final long NOTHING = -1;

    private final TopicPartition partition;
    private final OffsetCommits commits;
    private volatile boolean held = true;
    private final AtomicLong delivered = new AtomicLong(NOTHING);
    private volatile long committed = NOTHING;

    OwnedPartition(TopicPartition partition, OffsetCommits commits) {
        this.partition = partition;
        this.commits = commits;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Takes its commits. */
    OffsetCommits commits() {
        return commits;
    }

    /** Whether the consumer still has it. */
    boolean isHeld() {
        return held;
    }

    void lose() {
        held = false;
    }

    /** Everything before an offset was given to the stream. */
    void delivered(long nextOffset) {
        delivered.setRelease(nextOffset); // once a record: a full fence would cost more than the rest
    }

    /** The offset after the last record given to the stream; -1 if there was none. */
    long delivered() {
        return delivered.getAcquire();
    }

    void committed(long nextOffset) {
        committed = nextOffset;
    }

    /** Whether an offset or a later one is committed. */
    boolean isCommitted(long nextOffset) {
        return nextOffset <= committed;
    }

    /** Whether nothing the stream was given waits for its commit. */
    boolean isSettled() {
        return !held || isCommitted(delivered());
    }

    @Override
    public String toString() {
        return partition + (held ? "" : " (lost)");
    }
}
