package io.sluice.persistence.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Makes batches for tests. */
final class Batches {
    private Batches() {
    }

    /** A batch of a partition: {@code records} records of {@code valueBytes}, timestamps counting up from {@code timestamp}. */
    static EntryBatch records(long offset, long sequenceNr, int epoch, int records, int valueBytes, long timestamp) {
        SimpleRecord[] all = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            byte[] value = new byte[valueBytes];
            byte[] text = Long.toString(offset + i).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, value, 0, Math.min(text.length, value.length));
            all[i] = new SimpleRecord(timestamp < 0 ? -1 : timestamp + i, value);
        }
        return new EntryBatch(bytes(offset, epoch, TimestampType.CREATE_TIME, all), sequenceNr, sequenceNr,
                EntryBatch.Kind.RECORDS);
    }

    /** A batch of {@code events} events that begins with a sequence number. */
    static EntryBatch events(long sequenceNr, int epoch, int events, int valueBytes) {
        EntryBatch b = records(sequenceNr - 1, sequenceNr, epoch, events, valueBytes, 1);
        return new EntryBatch(b.bytes(), sequenceNr, sequenceNr + events - 1, EntryBatch.Kind.EVENTS);
    }

    static ByteBuffer bytes(long offset, int epoch, TimestampType type, SimpleRecord... records) {
        ByteBuffer built = MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V2, offset, Compression.NONE, type,
                RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE, epoch, false,
                records).buffer();
        ByteBuffer direct = ByteBuffer.allocateDirect(built.remaining());
        direct.put(built).flip();
        return direct;
    }

    static List<EntryBatch> one(EntryBatch batch) {
        return List.of(batch);
    }
}
