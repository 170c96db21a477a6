package io.sluice.persistence.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;

/**
 * An entry by which a log says which replicas it has from there on (docs/replication, the log without outside authority). It is an event in a batch
 * of its own, marked as control batch so that it is found without looking into others; a header of the event names the replicas.
 *
 * @param offset where it is
 * @param replicas the disk ids of the replicas
 */
public record ConfigurationEntry(long offset, List<String> replicas) {
    private static final String HEADER = "r";

    public ConfigurationEntry {
        replicas = List.copyOf(replicas);
    }

    /** The header that names the replicas, for the event's record. */
    public static Header header(List<String> replicas) {
        return new RecordHeader(HEADER, String.join(",", replicas).getBytes(StandardCharsets.UTF_8));
    }

    /** Marks a batch that holds such an event and nothing else. */
    public static void mark(ByteBuffer batch) {
        int at = batch.position();
        batch.putShort(at + BatchHeader.ATTRIBUTES_POSITION,
                (short) (batch.getShort(at + BatchHeader.ATTRIBUTES_POSITION) | BatchHeader.CONTROL));
        batch.putInt(at + BatchHeader.CRC_POSITION, BatchHeader.computeCrc(batch, at, batch.remaining()));
    }

    /** Whether the batch that begins at {@code at} is such an entry. Meaningful in a log of events only. */
    public static boolean isAt(ByteBuffer batches, int at) {
        return (batches.getShort(at + BatchHeader.ATTRIBUTES_POSITION) & BatchHeader.CONTROL) != 0;
    }

    /**
     * Reads the entry.
     *
     * @param batch the one batch between position and limit
     * @throws IllegalArgumentException if it names no replicas
     */
    public static ConfigurationEntry read(ByteBuffer batch) {
        for (Record record : MemoryRecords.readableRecords(batch.duplicate()).records()) {
            for (Header header : record.headers()) {
                if (header.key().equals(HEADER)) {
                    return new ConfigurationEntry(record.offset(),
                            List.of(new String(header.value(), StandardCharsets.UTF_8).split(",")));
                }
            }
        }
        throw new IllegalArgumentException("a control batch without replicas");
    }
}
