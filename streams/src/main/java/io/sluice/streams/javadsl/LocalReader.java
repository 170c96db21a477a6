package io.sluice.streams.javadsl;

import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.log.LogView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Reads one partition from its log. Where bytes must be loaded or checked first, or there are none yet, it returns without and signals when it is worth
 * asking again. Used on the consumer's thread.
 */
final class LocalReader {

    /**
     * Bytes of whole batches.
     *
     * @param bytes to be given back to the buffers once they are used
     * @param from offset of the first record that was asked for; the first batch may begin before it
     * @param next offset that follows the last batch
     */
    record Chunk(ByteBuffer bytes, long from, long next) {}

    /** Somebody told when the log changes, once. */
    private static final class Waiter implements Runnable {
        private final Log log;
        private final Runnable signal;
        private volatile boolean called;
        private Log.Registration registration;

        Waiter(Log log, Runnable signal) {
            this.log = log;
            this.signal = signal;
        }

        @Override
        public void run() {
            called = true;
            signal.run();
        }

        @SuppressWarnings("ReferenceEquality") // a log that was closed and opened is another one
        boolean isWaiting(Log now) {
            return !called && log == now;
        }
    }

    private final Runnable signal;
    private final ChunkBuffers buffers;
    private final BufferSupplier decompression = BufferSupplier.create();
    private final Detour detour = new Detour();
    private Waiter waiter;
    private CompletableFuture<LogSlice> loading;
    private long loadingFrom;

    /**
     * @param buffers what chunks are read into
     * @param signal run when it is worth asking again, on any thread; must not block
     */
    LocalReader(ChunkBuffers buffers, Runnable signal) {
        this.buffers = buffers;
        this.signal = signal;
    }

    /** Whether reading here failed not long ago. */
    Detour detour() {
        return detour;
    }

    /** For what decompresses its chunks: one at a time. */
    BufferSupplier decompression() {
        return decompression;
    }

    /**
     * What the log has from an offset on.
     *
     * @param bytesMax most bytes
     * @param wholeFirstBatch whether the first batch comes even if it is larger (KIP-74)
     * @return null if there is nothing now
     * @throws IOException if the disk refuses, or the log is closed
     * @throws RuntimeException if the log does not have the offset, or is damaged
     */
    Chunk read(Log log, long offset, int bytesMax, boolean wholeFirstBatch) throws IOException {
        if (loading != null && loadingFrom != offset) {
            dropLoading();
        }
        if (loading != null) {
            return loading.isDone() ? loaded() : null;
        }
        if (waiter != null && waiter.isWaiting(log)) {
            return null;
        }
        LogView view = log.view();
        if (offset == view.highWatermark()) {
            await(log, view);
            return null;
        }
        LogSlice slice = view.tryRead(offset, bytesMax, wholeFirstBatch);
        if (slice != null) {
            return load(slice, offset);
        }
        loadingFrom = offset;
        CompletionStage<LogSlice> reading = view.read(offset, bytesMax, wholeFirstBatch);
        loading = reading.toCompletableFuture();
        reading.whenComplete((loaded, failure) -> signal.run());
        return null;
    }

    private Chunk loaded() throws IOException {
        CompletableFuture<LogSlice> done = loading;
        loading = null;
        try {
            return load(done.join(), loadingFrom);
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
    }

    private Chunk load(LogSlice slice, long offset) throws IOException {
        try (slice) {
            if (slice.length() == 0) {
                return null;
            }
            ByteBuffer bytes = SliceBytes.read(slice, buffers.take(slice.length()));
            return new Chunk(bytes, offset, slice.nextOffset());
        }
    }

    @SuppressWarnings("ReferenceEquality") // a log publishes a new view after every change, and only then
    private void await(Log log, LogView seen) {
        stopWaiting();
        waiter = new Waiter(log, signal);
        waiter.registration = log.onNextChange(waiter);
        if (log.view() != seen) {
            waiter.run(); // it changed before we were registered
        }
    }

    private void stopWaiting() {
        if (waiter != null) {
            waiter.registration.cancel();
            waiter = null;
        }
    }

    /** Gives back what it holds; it can read again afterwards. */
    void rest() {
        stopWaiting();
        dropLoading();
    }

    private void dropLoading() {
        if (loading != null) {
            CompletionStage<LogSlice> dropped = loading;
            dropped.thenAccept(LogSlice::close);
            loading = null;
        }
    }
}
