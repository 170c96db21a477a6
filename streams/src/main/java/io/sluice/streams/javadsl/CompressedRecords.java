package io.sluice.streams.javadsl;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.apache.kafka.common.utils.Utils;

/** Records of a compressed batch, which is decompressed as far as they are asked for: a small batch may hold records that are large then. */
final class CompressedRecords implements RecordCursor {

    private final CloseableIterator<Record> records;
    private Record record;

    /** @param buffers for decompression, used by nobody else until this is closed */
    CompressedRecords(MutableRecordBatch batch, BufferSupplier buffers) {
        records = batch.streamingIterator(buffers);
    }

    @Override
    public boolean advance() {
        if (!records.hasNext()) {
            return false;
        }
        record = records.next();
        return true;
    }

    @Override
    public long offset() {
        return record.offset();
    }

    @Override
    public long timestamp() {
        return record.timestamp();
    }

    @Override
    public byte[] key() {
        return Utils.toNullableArray(record.key());
    }

    @Override
    public byte[] value() {
        return Utils.toNullableArray(record.value());
    }

    /** Decoded: those of a record are views of its bytes until somebody asks for them. */
    @Override
    public RecordHeaders headers() {
        Header[] headers = record.headers();
        for (Header header : headers) {
            header.key();
            header.value();
        }
        return new RecordHeaders(headers);
    }

    @Override
    public void close() {
        records.close();
    }
}
