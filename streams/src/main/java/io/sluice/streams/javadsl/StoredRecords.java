package io.sluice.streams.javadsl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/**
 * Records of batches that are not compressed, read where they are: the decoder of kafka-clients makes views of each record's parts first, which costs more
 * than a small record itself.
 */
final class StoredRecords implements RecordCursor {

    private final ByteBuffer bytes;
    private int at;
    private int end;
    private int left;
    private long baseOffset;
    private long baseTimestamp;
    private boolean isAppendTime;
    private long offset;
    private long timestamp;
    private int keyAt;
    private int keyLength;
    private int valueAt;
    private int valueLength;
    private int headersAt;
    private int recordEnd;

    /** @param bytes holds the batches; its position and limit do not matter */
    StoredRecords(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Begins with a batch.
     *
     * @param position where it begins, in bytes
     */
    void begin(MutableRecordBatch batch, int position) {
        at = position + DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
        end = position + batch.sizeInBytes();
        left = batch.countOrNull();
        baseOffset = batch.baseOffset();
        isAppendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        baseTimestamp = isAppendTime ? batch.maxTimestamp() : ((DefaultRecordBatch) batch).baseTimestamp();
    }

    @Override
    public boolean advance() {
        if (left <= 0) {
            return false;
        }
        left--;
        try {
            read();
        } catch (IndexOutOfBoundsException e) {
            throw invalid();
        }
        return true;
    }

    private void read() {
        int size = varint();
        recordEnd = at + checked(size, end);
        at++; // attributes, of which there are none
        long timestampDelta = varlong();
        timestamp = isAppendTime ? baseTimestamp : baseTimestamp + timestampDelta;
        offset = baseOffset + varint();
        keyLength = varint();
        keyAt = at;
        at += checked(Math.max(keyLength, 0), recordEnd);
        valueLength = varint();
        valueAt = at;
        at += checked(Math.max(valueLength, 0), recordEnd);
        headersAt = at;
        at = recordEnd;
    }

    /** A length, unless there is not that much left. */
    private int checked(int length, int limit) {
        if (length < 0 || length > limit - at) {
            throw invalid();
        }
        return length;
    }

    private InvalidRecordException invalid() {
        return new InvalidRecordException(
                "the record after offset " + offset + ", in the batch at offset " + baseOffset + ", is malformed");
    }

    private int varint() {
        int first = bytes.get(at++);
        if (first >= 0) {
            return (first >>> 1) ^ -(first & 1);
        }
        int value = first & 0x7f;
        int shift = 7;
        while (shift < 35) {
            int next = bytes.get(at++);
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
            shift += 7;
        }
        throw invalid();
    }

    private long varlong() {
        long value = 0;
        int shift = 0;
        while (shift < 70) {
            long next = bytes.get(at++);
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
            shift += 7;
        }
        throw invalid();
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long timestamp() {
        return timestamp;
    }

    @Override
    public byte[] key() {
        return copy(keyAt, keyLength);
    }

    @Override
    public byte[] value() {
        return copy(valueAt, valueLength);
    }

    private byte[] copy(int from, int length) {
        if (length < 0) {
            return null;
        }
        byte[] copy = new byte[length];
        bytes.get(from, copy);
        return copy;
    }

    @Override
    public RecordHeaders headers() {
        RecordHeaders headers = new RecordHeaders();
        int next = at;
        at = headersAt;
        try {
            for (int count = checked(varint(), recordEnd); count > 0; count--) {
                headers.add(header());
            }
        } catch (IndexOutOfBoundsException e) {
            throw invalid();
        }
        if (at != recordEnd) {
            throw invalid();
        }
        at = next;
        return headers;
    }

    private RecordHeader header() {
        int length = checked(varint(), recordEnd);
        String name = new String(copy(at, length), UTF_8);
        at += length;
        length = varint();
        int value = at;
        at += checked(Math.max(length, 0), recordEnd);
        return new RecordHeader(name, copy(value, length));
    }

    @Override
    public void close() {
        left = 0;
    }
}
