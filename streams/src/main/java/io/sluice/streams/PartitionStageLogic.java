package io.sluice.streams;

import io.sluice.actors.partition.ActivePartition;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogView;
import io.sluice.persistence.log.OffsetOutOfRangeException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * One run of a {@link PartitionSource}. A pull is answered from the current chunk; when that is used up, exactly one of these is under way until the
 * pull is answered: starting the partition, reading a chunk, waiting for the high watermark to move.
 */
final class PartitionStageLogic extends TimerGraphStageLogic {

    /** How long to leave a log alone that wakes its reader although nothing changed: it was closed, and we ask why. */
    private static final Duration RECHECK = Duration.ofMillis(100);

    private final SourceShape<StreamRecord> shape;
    private final PartitionSource source;
    private final boolean untilEnd;
    private final BufferSupplier buffers = BufferSupplier.create();
    private ChunkReader reader;
    private AsyncCallback<Integer> woken;
    private Log log;
    private Log.Lease lease;
    private Log.Registration registration;
    private LogView viewWaitedFor;
    private int waits;
    private RecordChunk chunk;
    private long nextOffset;
    private long endOffset = Long.MAX_VALUE;

    PartitionStageLogic(SourceShape<StreamRecord> shape, PartitionSource source, boolean untilEnd) {
        super(shape);
        this.shape = shape;
        this.source = source;
        this.untilEnd = untilEnd;
        this.nextOffset = source.fromOffset();
        setHandler(shape.out(), new AbstractOutHandler() {
            @Override
            public void onPull() {
                answer();
            }
        });
    }

    @Override
    public void preStart() {
        reader = new ChunkReader(source.chunkBytes(),
                materializer().system().dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId()));
        woken = createAsyncCallback(this::wake);
    }

    private void answer() {
        StreamRecord record = chunk == null ? null : chunk.next(nextOffset);
        if (record == null) {
            goOn();
        } else if (record.offset() >= endOffset) {
            completeStage();
        } else {
            nextOffset = record.offset() + 1;
            push(shape.out(), record);
        }
    }

    private void goOn() {
        if (chunk != null) {
            nextOffset = Math.max(nextOffset, chunk.nextOffset());
            chunk.close();
            chunk = null;
        }
        if (log == null) {
            start();
        } else if (nextOffset >= endOffset) {
            completeStage();
        } else {
            read();
        }
    }

    private void start() {
        await(source.partitions().activate(source.partition()), this::started);
    }

    private void started(ActivePartition active) {
        release();
        log = active.log();
        lease = log.lease();
        if (untilEnd && endOffset == Long.MAX_VALUE) {
            endOffset = log.view().highWatermark();
            if (nextOffset > endOffset) {
                throw new OffsetOutOfRangeException("offset " + nextOffset + " of " + source.partition()
                        + " is beyond the high watermark " + endOffset);
            }
        }
        goOn();
    }

    private void read() {
        LogView view = log.view();
        if (nextOffset == view.highWatermark()) {
            await(view);
            return;
        }
        source.partitions().active(source.partition()); // reading is use: the partition is not to be passivated meanwhile
        await(reader.read(view, nextOffset), this::loaded);
    }

    private void loaded(RecordChunk loaded) {
        chunk = loaded.with(buffers);
        answer();
    }

    private void await(LogView view) {
        int wait = ++waits;
        viewWaitedFor = view;
        registration = log.onNextChange(() -> woken.invoke(wait));
        if (isChanged(view)) {
            woken.invoke(wait); // it changed before we were registered; of two wakes for one wait the first counts
        }
    }

    @SuppressWarnings("ReferenceEquality") // a log publishes a new view after every change, and only then
    private boolean isChanged(LogView before) {
        return log.view() != before;
    }

    private void wake(int wait) {
        if (wait != waits || viewWaitedFor == null) {
            return;
        }
        registration.cancel();
        LogView before = viewWaitedFor;
        viewWaitedFor = null;
        if (isChanged(before)) {
            goOn();
        } else {
            scheduleOnce("recheck", RECHECK);
        }
    }

    @Override
    public void onTimer(Object key) {
        start();
    }

    /** Goes on with the result in the stage, or fails the stage with the cause. */
    private <T> void await(CompletionStage<T> stage, Consumer<T> then) {
        AsyncCallback<T> succeeded = createAsyncCallback(then::accept);
        AsyncCallback<Throwable> failed = createAsyncCallback(this::failStage);
        stage.whenComplete((result, failure) -> {
            if (failure == null) {
                succeeded.invoke(result);
            } else {
                failed.invoke(failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure);
            }
        });
    }

    private void release() {
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }

    @Override
    public void postStop() {
        if (registration != null) {
            registration.cancel();
        }
        if (chunk != null) {
            chunk.close();
        }
        buffers.close();
        release();
    }
}
