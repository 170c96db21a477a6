package io.sluice.actors.partition;

import io.sluice.actors.partition.BatchValidation.Invalid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/** Whether all records of a batch have keys, as in a compacted topic they must: one without could never be replaced. Decompresses the batch. */
final class KeyCheck {
    /** Most records that an answer names. */
    private static final int NAMED_MAX = 100;

    private KeyCheck() {
    }

    /** What is wrong with the batch between position and limit, null if nothing is. */
    static Invalid check(ByteBuffer batch) {
        List<Integer> without = new ArrayList<>();
        int index = 0;
        MutableRecordBatch records = MemoryRecords.readableRecords(batch.duplicate()).batches().iterator().next();
        try (CloseableIterator<Record> each = records.skipKeyValueIterator(BufferSupplier.NO_CACHING)) {
            while (each.hasNext()) {
                if (!each.next().hasKey() && without.size() < NAMED_MAX) {
                    without.add(index);
                }
                index++;
            }
        } catch (InvalidRecordException e) {
            return new Invalid(Errors.INVALID_RECORD, e.getMessage(), List.of());
        } catch (KafkaException e) {
            return new Invalid(Errors.CORRUPT_MESSAGE, "the batch cannot be decompressed", List.of());
        }
        return without.isEmpty()
                ? null
                : new Invalid(Errors.INVALID_RECORD, "a record of a compacted topic must have a key", without);
    }
}
