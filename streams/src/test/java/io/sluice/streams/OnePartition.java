package io.sluice.streams;

import io.sluice.actors.partition.PartitionRef;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FileLogStore;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStoreSettings;
import io.sluice.persistence.log.LogView;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** One partition on a real log, without actors; it counts what is done to it. */
public final class OnePartition implements AutoCloseable {

    private static final PartitionRef REF = new PartitionRef(Uuid.randomUuid(), "orders", 0);

    public final AtomicInteger reads = new AtomicInteger();
    public final AtomicInteger waiters = new AtomicInteger();

    private final FileLogStore store;
    private final Log log;
    private final Log counted;
    private final int epoch;
    private final Map<LogView, LogView> views = Collections.synchronizedMap(new WeakHashMap<>());

    public OnePartition(Path directory) {
        store = FileLogStore.open(LogStoreSettings.of(directory));
        log = get(store.open(REF.persistenceId()));
        epoch = get(log.claim());
        counted = (Log) Proxy.newProxyInstance(Log.class.getClassLoader(), new Class<?>[]{Log.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "view" -> views.computeIfAbsent(log.view(), this::counting);
                    case "onNextChange" -> counting(log.onNextChange((Runnable) args[0]));
                    default -> call(log, method, args);
                });
    }

    private LogView counting(LogView view) {
        return (LogView) Proxy.newProxyInstance(Log.class.getClassLoader(), new Class<?>[]{LogView.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("tryRead")) {
                        reads.incrementAndGet();
                    }
                    return call(view, method, args);
                });
    }

    private Log.Registration counting(Log.Registration registration) {
        waiters.incrementAndGet();
        return () -> {
            waiters.decrementAndGet();
            registration.cancel();
        };
    }

    private static Object call(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    public void append(Compression compression, SimpleRecord... records) {
        append(MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V2, log.view().logEndOffset(), compression,
                TimestampType.CREATE_TIME, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE, epoch, false, records).buffer());
    }

    /** Appends one whole batch. */
    public void append(ByteBuffer batch) {
        long sequenceNr = log.view().highestSequenceNr() + 1;
        get(log.append(epoch, List.of(new EntryBatch(batch, sequenceNr, sequenceNr, EntryBatch.Kind.RECORDS))));
    }

    /** Its log, which counts what is done to it. */
    public Log log() {
        return counted;
    }

    public long endOffset() {
        return log.view().logEndOffset();
    }

    public void deleteRecordsBefore(long offset) {
        get(log.deleteRecordsBefore(offset));
    }

    @Override
    public void close() {
        store.close();
    }
}
