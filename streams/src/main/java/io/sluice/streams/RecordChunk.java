package io.sluice.streams;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.apache.pekko.util.ByteString;

/**
 * A few whole batches, whose records are decompressed and decoded one by one as they are asked for: a small batch may hold records that are large
 * once decompressed. Used by one thread at a time.
 */
final class RecordChunk implements AutoCloseable {

    private final Iterator<MutableRecordBatch> batches;
    private final long nextOffset;
    private BufferSupplier buffers = BufferSupplier.NO_CACHING;
    private CloseableIterator<Record> records = CloseableIterator.wrap(Collections.emptyIterator());

    RecordChunk(ByteBuffer bytes, long nextOffset) {
        this.batches = MemoryRecords.readableRecords(bytes).batches().iterator();
        this.nextOffset = nextOffset;
    }

    /** Decompresses with the buffers of the stage that uses it now. */
    RecordChunk with(BufferSupplier supplier) {
        this.buffers = supplier;
        return this;
    }

    /** Offset that follows the chunk. */
    long nextOffset() {
        return nextOffset;
    }

    /** The next record whose offset is at least {@code from}, or null at the chunk's end. Control records are left out. */
    StreamRecord next(long from) {
        while (true) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() >= from) {
                    return decode(record);
                }
            }
            records.close();
            if (!batches.hasNext()) {
                return null;
            }
            MutableRecordBatch batch = batches.next();
            if (!batch.isControlBatch() && batch.lastOffset() >= from) {
                records = batch.streamingIterator(buffers);
            }
        }
    }

    private static StreamRecord decode(Record record) {
        var headers = new RecordHeaders(record.headers());
        headers.setReadOnly();
        return new StreamRecord(record.offset(), record.timestamp(), bytes(record.key()), bytes(record.value()),
                headers);
    }

    /** A copy: the record must not keep its whole chunk alive. */
    private static ByteString bytes(ByteBuffer buffer) {
        return buffer == null ? null : ByteString.fromByteBuffer(buffer);
    }

    @Override
    public void close() {
        records.close();
    }
}
