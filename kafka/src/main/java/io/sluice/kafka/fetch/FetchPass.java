package io.sluice.kafka.fetch;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.partition.ActivePartition;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ProtocolErrors;
import io.sluice.kafka.routing.LeaderEpochs;
import io.sluice.kafka.routing.PartitionLookup;
import io.sluice.kafka.wire.SliceRecords;
import io.sluice.persistence.log.CorruptLogException;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.log.LogView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads once what a fetch's partitions have, in their order, within the response's size. Where a partition must be started or bytes loaded first
 * it goes on later, on the same event loop; it opens no more than the slices of its result, which whoever has the pass releases or sends.
 */
final class FetchPass {
    private static final Logger log = LoggerFactory.getLogger(FetchPass.class);
    private static final long NO_OFFSET = -1;

    private final Partitions partitions;
    private final ClusterImage image;
    private final List<FetchTarget> targets;
    private final int bytesMax;
    private final FetchReader reader;
    private final Executor eventLoop;
    private final Runnable done;

    private final PartitionData[] results;
    private final Seen[] seen;
    private int next;
    private long bytes;
    private boolean urgent;

    /** A partition as a pass saw it: what to wait for if that was not enough. */
    record Seen(ActivePartition partition, LogView view) {
        /** Whether there is something else to see now. */
        @SuppressWarnings("ReferenceEquality") // each change publishes another view
        boolean changed() {
            return partition.log().view() != view;
        }
    }

    /**
     * @param bytesMax size of all records together, but for a first batch that is larger alone
     * @param done run on the event loop when the pass has seen all partitions
     */
    FetchPass(Partitions partitions, ClusterImage image, List<FetchTarget> targets, int bytesMax,
            FetchReader reader, Executor eventLoop, Runnable done) {
        this.partitions = partitions;
        this.image = image;
        this.targets = targets;
        this.bytesMax = bytesMax;
        this.reader = reader;
        this.eventLoop = eventLoop;
        this.done = done;
        this.results = new PartitionData[targets.size()];
        this.seen = new Seen[targets.size()];
    }

    void run() {
        activateAll();
        goOn();
    }

    /** Starts what has to be started side by side, before the first of them is waited for. */
    private void activateAll() {
        for (FetchTarget target : targets) {
            PartitionLookup found = target.resolve(image);
            if (found.error() == Errors.NONE && partitions.active(found.ref()) == null) {
                partitions.activate(found.ref());
            }
        }
    }

    private void goOn() {
        while (next < results.length && step(next)) {
            next++;
        }
        if (next == results.length) {
            done.run();
        }
    }

    /** Reads one partition; false if the result comes later. */
    private boolean step(int index) {
        return guarded(index, () -> lookUp(index));
    }

    /** A failure is the answer for its partition, never the end of the fetch. */
    private boolean guarded(int index, BooleanSupplier step) {
        try {
            return step.getAsBoolean();
        } catch (RuntimeException e) {
            return fail(index, e);
        }
    }

    private boolean lookUp(int index) {
        FetchTarget target = targets.get(index);
        PartitionLookup found = target.resolve(image);
        if (found.error() != Errors.NONE) {
            return fail(index, found.error());
        }
        if (reader.readsFollower(image, found.topic(), found.ref().partition())) {
            return later(partitions.replica(found.ref()), index, replica -> read(index, replica, true));
        }
        ActivePartition active = partitions.active(found.ref());
        if (active != null) {
            return read(index, active, false);
        }
        return later(partitions.activate(found.ref()), index, started -> read(index, started, false));
    }

    private boolean read(int index, ActivePartition active, boolean follower) {
        FetchTarget target = targets.get(index);
        Errors epochs = LeaderEpochs.check(target.leaderEpoch(), active.leaderEpoch());
        if (epochs != Errors.NONE) {
            return fail(index, epochs);
        }
        LogView view = active.log().view();
        seen[index] = new Seen(active, view);
        if (follower && target.offset() > view.highWatermark() && target.offset() <= view.logEndOffset()) {
            return fail(index, Errors.OFFSET_NOT_AVAILABLE); // the leader has told more than it has told this replica
        }
        if (target.offset() < view.logStartOffset() || target.offset() > view.highWatermark()) {
            return fail(index, Errors.OFFSET_OUT_OF_RANGE);
        }
        if (diverges(index, view) || (!follower && sendsElsewhere(index, view))) {
            return true;
        }
        long room = bytesMax - bytes;
        if (target.offset() == view.highWatermark() || (room <= 0 && bytes > 0)) {
            results[index] = data(target, view);
            return true;
        }
        return read(index, view, (int) Math.min(room, Math.max(0, target.bytesMax())));
    }

    /** Whether the client is told of a replica that is nearer to it; it gets no records then. */
    private boolean sendsElsewhere(int index, LogView view) {
        FetchTarget target = targets.get(index);
        OptionalInt nearer = reader.nearer(image, target.resolve(image).topic(), target.key().partition());
        nearer.ifPresent(node -> {
            results[index] = data(target, view).setPreferredReadReplica(node);
            urgent = true;
        });
        return nearer.isPresent();
    }

    private boolean read(int index, LogView view, int limit) {
        long offset = targets.get(index).offset();
        boolean wholeFirstBatch = bytes == 0;
        LogSlice slice = view.tryRead(offset, limit, wholeFirstBatch);
        if (slice != null) {
            return take(index, view, slice);
        }
        return later(view.read(offset, limit, wholeFirstBatch), index, loaded -> take(index, view, loaded));
    }

    private boolean take(int index, LogView view, LogSlice slice) {
        PartitionData data = data(targets.get(index), view);
        if (slice.length() == 0) {
            slice.close();
        } else {
            bytes += slice.length();
            data.setRecords(new SliceRecords(slice));
        }
        results[index] = data;
        return true;
    }

    private <T> boolean later(CompletionStage<T> stage, int index, Predicate<T> step) {
        stage.whenComplete((value, failure) -> eventLoop.execute(() -> {
            if (failure == null ? guarded(index, () -> step.test(value)) : fail(index, failure)) {
                next++;
                goOn();
            }
        }));
        return false;
    }

    /** Whether the client's last epoch ended before its position here, after which it has to cut its log (KIP-595). */
    private boolean diverges(int index, LogView view) {
        FetchTarget target = targets.get(index);
        if (target.lastFetchedEpoch() < 0) {
            return false;
        }
        Optional<LogView.EpochEnd> end = view.endOf(target.lastFetchedEpoch());
        if (end.isEmpty()) {
            return fail(index, Errors.OFFSET_OUT_OF_RANGE);
        }
        if (end.get().leaderEpoch() == target.lastFetchedEpoch() && end.get().endOffset() >= target.offset()) {
            return false;
        }
        results[index] = data(target, view).setDivergingEpoch(new EpochEndOffset().setEpoch(end.get().leaderEpoch())
                .setEndOffset(end.get().endOffset()));
        urgent = true;
        return true;
    }

    private boolean fail(int index, Throwable failure) {
        Throwable cause = ProtocolErrors.cause(failure);
        if (cause instanceof CorruptLogException) {
            log.error("fetch of {}: {}", targets.get(index).resolve(image).ref(), cause.getMessage());
        } else if (!ProtocolErrors.isExpected(cause)) {
            log.error("fetch of {} failed", targets.get(index).resolve(image).ref(), cause);
        }
        return fail(index, ProtocolErrors.of(cause));
    }

    private boolean fail(int index, Errors error) {
        results[index] = new PartitionData().setPartitionIndex(targets.get(index).key().partition())
                .setErrorCode(error.code()).setHighWatermark(NO_OFFSET).setLastStableOffset(NO_OFFSET)
                .setLogStartOffset(NO_OFFSET).setAbortedTransactions(null).setRecords(MemoryRecords.EMPTY);
        urgent = true;
        return true;
    }

    private PartitionData data(FetchTarget target, LogView view) {
        return new PartitionData().setPartitionIndex(target.key().partition()).setHighWatermark(view.highWatermark())
                .setLastStableOffset(view.highWatermark()).setLogStartOffset(view.logStartOffset())
                .setAbortedTransactions(reader.readCommitted() ? List.of() : null).setRecords(MemoryRecords.EMPTY);
    }

    /** Size of all records found. */
    long bytes() {
        return bytes;
    }

    /** Whether there is an answer that must not wait for records, as an error. */
    boolean urgent() {
        return urgent;
    }

    /** The results, in the order of the targets. */
    PartitionData result(int index) {
        return results[index];
    }

    /** What was seen of each target; null where there was an error. */
    Seen[] seen() {
        return seen;
    }

    /** Closes all slices, for a pass whose results are not sent. */
    void release() {
        for (PartitionData data : results) {
            if (data != null && data.records() instanceof SliceRecords records) {
                records.close();
            }
        }
    }
}
