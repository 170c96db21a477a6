package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** One log of records and how to reopen it; keeps what was appended. */
final class TestLog implements AutoCloseable {
    static final String ID = "partition|orders-0";

    private final LogStoreSettings settings;
    FileLogStore store;
    Log log;
    /** Every batch appended, by offset. */
    final List<byte[]> appended = new ArrayList<>();

    TestLog(LogStoreSettings settings) {
        this.settings = settings;
        open();
    }

    static LogStoreSettings settings(Path dir) {
        return LogStoreSettings.of(dir).withIndexInterval(256).withIntervals(Duration.ofMinutes(5),
                Duration.ofMinutes(5), Duration.ofMinutes(5));
    }

    static LogConfig config(long segmentBytes, FlushMode mode) {
        return new LogConfig(segmentBytes, Long.MAX_VALUE, -1, -1, mode);
    }

    void open() {
        store = FileLogStore.open(settings);
        log = get(store.open(ID));
    }

    void reopen() {
        store.close();
        open();
    }

    int claim() {
        return get(log.claim());
    }

    /** Appends one batch at the end and waits. */
    void append(int records, int valueBytes, long timestamp) {
        LogView v = log.view();
        EntryBatch b = Batches.records(v.logEndOffset(), v.highestSequenceNr() + 1, log.leaderEpoch(), records,
                valueBytes, timestamp);
        byte[] copy = new byte[b.bytes().remaining()];
        b.bytes().duplicate().get(copy);
        appended.add(copy);
        get(log.append(log.leaderEpoch(), List.of(b)));
    }

    /** Everything from an offset on, read slice by slice. */
    byte[] readAll(long from, int maxBytes) {
        List<ByteBuffer> parts = new ArrayList<>();
        int size = 0;
        long offset = from;
        while (offset < log.view().highWatermark()) {
            try (LogSlice slice = read(log.view(), offset, maxBytes)) {
                if (slice.length() == 0 || slice.nextOffset() <= offset) {
                    throw new AssertionError("no progress at " + offset + ": " + slice);
                }
                parts.add(bytes(slice));
                size += slice.length();
                offset = slice.nextOffset();
            }
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        parts.forEach(all::put);
        return all.array();
    }

    static LogSlice read(LogView view, long offset, int maxBytes) {
        LogSlice slice = view.tryRead(offset, maxBytes, true);
        return slice != null ? slice : get(view.read(offset, maxBytes, true));
    }

    static ByteBuffer bytes(LogSlice slice) {
        try {
            ByteBuffer b = ByteBuffer.allocate(slice.length());
            int n = 0;
            while (b.hasRemaining() && n >= 0) {
                n = slice.channel().read(b, slice.position() + b.position());
            }
            return b.flip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    byte[] expected(int fromBatch) {
        int size = appended.stream().skip(fromBatch).mapToInt(b -> b.length).sum();
        ByteBuffer all = ByteBuffer.allocate(size);
        appended.stream().skip(fromBatch).forEach(all::put);
        return all.array();
    }

    /** The value of a stage; its failure as it is. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException r) {
                throw r;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
