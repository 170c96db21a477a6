package io.sluice.bench;

import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FileLogStore;
import io.sluice.persistence.log.FlushMode;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.LogStoreSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One append to one log, from the call to its completion: the hop to the writer, the write and, with {@code COMMIT}, the sync. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LogAppendBenchmark {

    /** When the append counts as stored. */
    @Param({"OS", "COMMIT"})
    public FlushMode flush;

    /** Size of the batch. */
    @Param({"4096", "65536"})
    public int batchBytes;

    private Path directory;
    private LogStore store;
    private Log log;
    private int epoch;
    private ByteBuffer batch;
    private long records;
    private long offset;
    private long sequenceNr;

    @Setup
    public void open() throws IOException {
        directory = TemporaryDirectory.create();
        LogConfig config = new LogConfig(256L << 20, LogConfig.EVENTS.segmentMs(), 512L << 20, -1, flush);
        store = FileLogStore.open(LogStoreSettings.of(directory).withDefaults(config));
        log = store.open("bench").toCompletableFuture().join();
        epoch = log.claim().toCompletableFuture().join();
        batch = Batches.direct(batchBytes, 100);
        records = BatchHeader.read(batch, 0).nextOffset();
    }

    @Benchmark
    public void append() {
        Batches.place(batch, offset, epoch);
        sequenceNr++;
        log.append(epoch, List.of(new EntryBatch(batch, sequenceNr, sequenceNr, EntryBatch.Kind.RECORDS)))
                .toCompletableFuture().join();
        offset += records;
    }

    @TearDown
    public void close() throws IOException {
        store.close();
        TemporaryDirectory.delete(directory);
    }
}
