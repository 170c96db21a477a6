package io.sluice.bench;

import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;

/** Batches as a producer sends them. */
final class Batches {

    private Batches() {
    }

    /** A batch of records of {@code recordBytes} that fills about {@code batchBytes}, in a direct buffer as the network hands it over. */
    static ByteBuffer direct(int batchBytes, int recordBytes) {
        try (MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(batchBytes + recordBytes),
                Compression.NONE, TimestampType.CREATE_TIME, 0)) {
            byte[] value = new byte[recordBytes];
            while (builder.estimatedSizeInBytes() + recordBytes < batchBytes) {
                builder.append(System.currentTimeMillis(), null, value);
            }
            ByteBuffer built = builder.build().buffer();
            return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
        }
    }

    /** Puts a batch where it goes; the checksum does not cover these fields. */
    static void place(ByteBuffer batch, long baseOffset, int leaderEpoch) {
        BatchHeader.patch(batch, 0, baseOffset, leaderEpoch);
    }
}
