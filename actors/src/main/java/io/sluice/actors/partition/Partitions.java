package io.sluice.actors.partition;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;

/**
 * The partitions as this node's edge sees them. Safe for any thread; nothing blocks. Stages complete on an actor or store thread, so
 * continuations must be short or hop away, and never fail except where said: an error is a value.
 */
public interface Partitions {

    /** The partition if this node leads it and its actor is up; else null. Counts as use, so that the partition is not passivated. */
    ActivePartition active(PartitionRef ref);

    /**
     * The leader epoch if this node leads the partition and its actor is up, else -1. Unlike {@link #active} this must not count as use: metadata
     * requests ask for every partition, again and again.
     */
    default int leaderEpoch(PartitionRef ref) {
        ActivePartition active = active(ref);
        return active == null ? -1 : active.leaderEpoch();
    }

    /**
     * Starts the partition's actor where needed. Fails with {@link org.apache.kafka.common.errors.ApiException}: not leader or follower,
     * unknown topic or partition, storage error.
     */
    CompletionStage<ActivePartition> activate(PartitionRef ref);

    /**
     * This node's copy of a partition that another node leads, to be read up to the high watermark that the leader told. Fails as {@link #activate} does.
     */
    CompletionStage<ActivePartition> replica(PartitionRef ref);

    /**
     * Appends one record batch of magic 2. Base offset, leader epoch and (with LogAppendTime) timestamps are set in place, so the buffer must be
     * writable, and must be left alone until the stage completes. A completed stage means stored as the topic's flush mode demands.
     *
     * @param batch the batch between position and limit
     */
    CompletionStage<AppendOutcome> append(PartitionRef ref, ByteBuffer batch);

    /**
     * Whether as many replicas of a partition are in sync as its topic asks for with {@code min.insync.replicas}. True if this node does not lead it: the
     * append says so, and clients go to who does; too few replicas would have them try again here.
     */
    boolean hasEnoughInSync(PartitionRef ref);

    /** Moves the log start offset (KIP-107); offset -1 means the high watermark. */
    CompletionStage<DeleteRecordsOutcome> deleteRecords(PartitionRef ref, long beforeOffset);

    /** Bytes on this node's disk, without waking the partition. */
    long sizeInBytes(PartitionRef ref);

    /** What became of a DeleteRecords: the log start offset now in force, -1 on an error. */
    record DeleteRecordsOutcome(Errors error, long lowWatermark) {}
}
