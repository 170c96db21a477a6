package io.sluice.actors.partition;

import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Record batches as kafka-clients write them. */
final class Batches {

    static final long NOW = 1_700_000_000_000L;

    private Batches() {
    }

    static ByteBuffer plain(int records) {
        return direct(MemoryRecords.withRecords(Compression.NONE, simple(records)));
    }

    static ByteBuffer compressed(Compression compression, int records) {
        return direct(MemoryRecords.withRecords(compression, simple(records)));
    }

    /** A record for each key; null is none. */
    static ByteBuffer of(Compression compression, String... keys) {
        return direct(MemoryRecords.withRecords(compression, Arrays.stream(keys).map(
                key -> new SimpleRecord(NOW, key == null ? null : key.getBytes(StandardCharsets.UTF_8), new byte[10]))
                .toArray(SimpleRecord[]::new)));
    }

    static ByteBuffer idempotent(long producerId, int epoch, int sequence, int records) {
        return direct(MemoryRecords.withIdempotentRecords(Compression.NONE, producerId, (short) epoch, sequence,
                simple(records)));
    }

    static ByteBuffer transactional(long producerId, int records) {
        return direct(MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, (short) 0, 0,
                simple(records)));
    }

    /** The batch's checksum made right again after a change. */
    static ByteBuffer resealed(ByteBuffer batch) {
        return batch.putInt(BatchHeader.CRC_POSITION, BatchHeader.computeCrc(batch, 0, batch.limit()));
    }

    /** The head of an idempotent batch as it would be at an offset. */
    static BatchHeader head(long producerId, int epoch, int sequence, int records, long baseOffset) {
        return new BatchHeader(baseOffset, 100, 0, BatchHeader.MAGIC, 0, (short) 0, records - 1, NOW, NOW, producerId,
                (short) epoch, sequence, records);
    }

    private static SimpleRecord[] simple(int records) {
        return IntStream.range(0, records)
                .mapToObj(i -> new SimpleRecord(NOW + i, null, ("value " + i).getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new);
    }

    private static ByteBuffer direct(MemoryRecords records) {
        ByteBuffer copy = ByteBuffer.allocateDirect(records.sizeInBytes());
        return copy.put(records.buffer().duplicate()).flip();
    }
}
