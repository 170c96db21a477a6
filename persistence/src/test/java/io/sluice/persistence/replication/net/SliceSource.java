package io.sluice.persistence.replication.net;

import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FileLogStore;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.LogStoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A log on disk with some megabytes in it, and slices of it that are counted. */
final class SliceSource implements AutoCloseable {
    private final LogStore store;
    private final Log log;
    private final AtomicInteger open = new AtomicInteger();

    SliceSource(Path directory) {
        store = FileLogStore.open(LogStoreSettings.of(directory));
        log = get(store.open("orders-0"));
        int epoch = get(log.claim());
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            byte[] value = new byte[i == 0 ? 100 : 10_000];
            random.nextBytes(value);
            ByteBuffer batch = MemoryRecords.withRecords(i, Compression.NONE, epoch, new SimpleRecord(value)).buffer();
            get(log.append(epoch, List.of(new EntryBatch(batch, i + 1, i + 1, EntryBatch.Kind.RECORDS))));
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Whole batches from the log's beginning, about so many bytes. */
    LogSlice slice(int bytesMax) {
        open.incrementAndGet();
        LogSlice slice = read(bytesMax);
        return new LogSlice() {
            private final AtomicBoolean closed = new AtomicBoolean();

            @Override
            public FileChannel channel() {
                return slice.channel();
            }

            @Override
            public long position() {
                return slice.position();
            }

            @Override
            public int length() {
                return slice.length();
            }

            @Override
            public long nextOffset() {
                return slice.nextOffset();
            }

            @Override
            public void close() {
                if (!closed.compareAndSet(false, true)) {
                    throw new AssertionError("closed twice");
                }
                slice.close();
                open.decrementAndGet();
            }
        };
    }

    private LogSlice read(int bytesMax) {
        LogSlice slice = log.view().tryRead(0, bytesMax, true);
        return slice != null ? slice : get(log.view().read(0, bytesMax, true));
    }

    /** The bytes of such a slice. */
    ByteBuffer bytes(int bytesMax) {
        try (LogSlice slice = read(bytesMax)) {
            ByteBuffer bytes = ByteBuffer.allocate(slice.length());
            while (bytes.hasRemaining()) {
                slice.channel().read(bytes, slice.position() + bytes.position());
            }
            return bytes.flip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Slices that are not closed. */
    int open() {
        return open.get();
    }

    @Override
    public void close() {
        store.close();
    }
}
