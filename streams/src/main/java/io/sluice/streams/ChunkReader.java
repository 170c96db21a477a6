package io.sluice.streams;

import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.log.LogView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Loads chunks of whole batches from a log. Files are read on the executor given, never on a stream's own thread. */
final class ChunkReader {

    private final int chunkBytes;
    private final Executor blocking;

    ChunkReader(int chunkBytes, Executor blocking) {
        this.chunkBytes = chunkBytes;
        this.blocking = blocking;
    }

    /**
     * Loads the chunk that begins with the batch of an offset.
     *
     * @throws io.sluice.persistence.log.OffsetOutOfRangeException if the log does not have the offset
     */
    CompletionStage<RecordChunk> read(LogView view, long offset) {
        LogSlice ready = view.tryRead(offset, chunkBytes, true);
        CompletionStage<LogSlice> slice = ready != null
                ? CompletableFuture.completedFuture(ready)
                : view.read(offset, chunkBytes, true);
        return slice.thenApplyAsync(ChunkReader::load, blocking);
    }

    private static RecordChunk load(LogSlice slice) {
        try (slice) {
            return new RecordChunk(SliceBytes.read(slice, ByteBuffer.allocate(slice.length())), slice.nextOffset());
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
