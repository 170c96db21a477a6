package io.sluice.kafka.fakes;

import io.sluice.actors.partition.ActivePartition;
import io.sluice.actors.partition.AppendOutcome;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.Partitions;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;

/** Partitions of which a test says the epochs and sizes, and where DeleteRecords gets to. */
public final class FakePartitions implements Partitions {

    public final Map<String, Integer> epochs = new HashMap<>();
    public final Map<String, Long> sizes = new HashMap<>();
    /** Answers by partition; without one it is NOT_LEADER_OR_FOLLOWER. */
    public final Map<String, CompletableFuture<DeleteRecordsOutcome>> deletions = new HashMap<>();
    public final Map<String, Long> deletedBefore = new HashMap<>();

    @Override
    public ActivePartition active(PartitionRef ref) {
        throw new AssertionError("a metadata request must not count as use of " + ref);
    }

    @Override
    public int leaderEpoch(PartitionRef ref) {
        return epochs.getOrDefault(ref.toString(), -1);
    }

    @Override
    public CompletionStage<ActivePartition> activate(PartitionRef ref) {
        throw new AssertionError("must not start " + ref);
    }

    @Override
    public CompletionStage<ActivePartition> replica(PartitionRef ref) {
        throw new AssertionError("must not read " + ref);
    }

    @Override
    public boolean hasEnoughInSync(PartitionRef ref) {
        return true;
    }

    @Override
    public CompletionStage<AppendOutcome> append(PartitionRef ref, ByteBuffer batch) {
        throw new AssertionError("must not append to " + ref);
    }

    @Override
    public CompletionStage<DeleteRecordsOutcome> deleteRecords(PartitionRef ref, long beforeOffset) {
        deletedBefore.put(ref.toString(), beforeOffset);
        return deletions.getOrDefault(ref.toString(), CompletableFuture
                .completedFuture(new DeleteRecordsOutcome(Errors.NOT_LEADER_OR_FOLLOWER, -1)));
    }

    @Override
    public long sizeInBytes(PartitionRef ref) {
        return sizes.getOrDefault(ref.toString(), 0L);
    }
}
