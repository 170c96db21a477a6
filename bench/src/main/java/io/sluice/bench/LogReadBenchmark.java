package io.sluice.bench;

import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FileLogStore;
import io.sluice.persistence.log.FlushMode;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.LogStoreSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Finding the bytes of a fetch of 1 MiB in a log of 256 MiB: for a reader that goes on where it was, and for one that jumps. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LogReadBenchmark {
    private static final int BATCH_BYTES = 16 << 10;
    private static final int BATCHES = (256 << 20) / BATCH_BYTES;
    private static final int FETCH_BYTES = 1 << 20;

    private Path directory;
    private LogStore store;
    private Log log;
    private long next;

    @Setup
    public void fill() throws IOException {
        directory = TemporaryDirectory.create();
        LogStoreSettings settings = LogStoreSettings.of(directory);
        store = FileLogStore.open(settings.withDefaults(settings.defaults().withFlush(FlushMode.OS)));
        log = store.open("bench").toCompletableFuture().join();
        int epoch = log.claim().toCompletableFuture().join();
        ByteBuffer batch = Batches.direct(BATCH_BYTES, 100);
        long records = BatchHeader.read(batch, 0).nextOffset();
        for (int i = 0; i < BATCHES; i++) {
            Batches.place(batch, i * records, epoch);
            log.append(epoch, List.of(new EntryBatch(batch, i + 1L, i + 1L, EntryBatch.Kind.RECORDS)))
                    .toCompletableFuture().join();
        }
    }

    @Benchmark
    public int goOn() {
        if (next >= log.view().highWatermark()) {
            next = 0;
        }
        try (LogSlice slice = log.view().tryRead(next, FETCH_BYTES, true)) {
            next = slice.nextOffset();
            return slice.length();
        }
    }

    @Benchmark
    public int jump() {
        long offset = ThreadLocalRandom.current().nextLong(log.view().highWatermark());
        try (LogSlice slice = log.view().tryRead(offset, FETCH_BYTES, true)) {
            return slice.length();
        }
    }

    @TearDown
    public void close() throws IOException {
        store.close();
        TemporaryDirectory.delete(directory);
    }
}
