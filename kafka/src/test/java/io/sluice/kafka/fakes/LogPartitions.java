package io.sluice.kafka.fakes;

import io.sluice.actors.partition.ActivePartition;
import io.sluice.actors.partition.AppendOutcome;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.Partitions;
import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FileLogStore;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStoreSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;

/** Partitions on real logs, without the actors: appends go straight to the log, one at a time. */
public final class LogPartitions implements Partitions, AutoCloseable {
    public final Map<PartitionRef, ActivePartition> active = new ConcurrentHashMap<>();
    /** Partitions with fewer replicas in sync than their topic wants. */
    public final Set<PartitionRef> lacking = ConcurrentHashMap.newKeySet();
    /** Partitions that cannot be started, and why. */
    public final Map<PartitionRef, RuntimeException> down = new ConcurrentHashMap<>();
    /** If set, appends wait for it. */
    public volatile CompletionStage<?> appendGate = CompletableFuture.completedFuture(null);
    private final Map<PartitionRef, CompletionStage<ActivePartition>> starting = new ConcurrentHashMap<>();
    private final FileLogStore store;

    public LogPartitions(Path directory) {
        store = FileLogStore.open(LogStoreSettings.of(directory));
    }

    @Override
    public ActivePartition active(PartitionRef ref) {
        return active.get(ref);
    }

    @Override
    public CompletionStage<ActivePartition> activate(PartitionRef ref) {
        if (down.containsKey(ref)) {
            return CompletableFuture.failedFuture(down.get(ref));
        }
        // one claim for all who ask: a second one would fence the first
        return starting.computeIfAbsent(ref, r -> store.open(r.persistenceId()).thenCompose(log -> log.claim())
                .thenApply(epoch -> {
                    ActivePartition started = new ActivePartition(r, store.ifOpen(r.persistenceId()).orElseThrow(),
                            epoch);
                    active.put(r, started);
                    return started;
                }));
    }

    @Override
    public CompletionStage<ActivePartition> replica(PartitionRef ref) {
        return activate(ref);
    }

    /** Forgets that the partition is active, as passivation does; the next use claims a new epoch. */
    public void passivate(PartitionRef ref) {
        active.remove(ref);
        starting.remove(ref);
    }

    @Override
    public boolean hasEnoughInSync(PartitionRef ref) {
        return !lacking.contains(ref);
    }

    @Override
    public synchronized CompletionStage<AppendOutcome> append(PartitionRef ref, ByteBuffer batch) {
        if (down.containsKey(ref)) {
            return CompletableFuture.completedFuture(AppendOutcome.failed(Errors.forException(down.get(ref)), null));
        }
        ActivePartition partition = activate(ref, active.get(ref)).toCompletableFuture().join();
        return appendGate.thenApply(open -> appendNow(partition.log(), partition.leaderEpoch(), batch));
    }

    /** One at a time, so that the next offset is known. */
    private synchronized AppendOutcome appendNow(Log log, int epoch, ByteBuffer batch) {
        long offset = log.view().logEndOffset();
        BatchHeader.patch(batch, batch.position(), offset, epoch);
        long sequence = log.view().highestSequenceNr() + 1;
        List<EntryBatch> entries = List.of(new EntryBatch(batch, sequence, sequence, EntryBatch.Kind.RECORDS));
        return log.append(epoch, entries)
                .thenApply(done -> new AppendOutcome(Errors.NONE, null, offset, -1, log.view().logStartOffset()))
                .toCompletableFuture().orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(failure -> AppendOutcome.failed(Errors.UNKNOWN_SERVER_ERROR, failure.toString())).join();
    }

    private CompletionStage<ActivePartition> activate(PartitionRef ref, ActivePartition now) {
        return now != null ? CompletableFuture.completedFuture(now) : activate(ref);
    }

    @Override
    public CompletionStage<DeleteRecordsOutcome> deleteRecords(PartitionRef ref, long beforeOffset) {
        return active.get(ref).log().deleteRecordsBefore(beforeOffset)
                .thenApply(low -> new DeleteRecordsOutcome(Errors.NONE, low));
    }

    @Override
    public long sizeInBytes(PartitionRef ref) {
        return store.sizeInBytes(ref.persistenceId());
    }

    @Override
    public void close() {
        store.close();
    }
}
