package io.sluice.actors.partition;

import java.io.NotSerializableException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Writes {@link PartitionSnapshot} as a version byte and big-endian numbers. Version 1:
 *
 * <pre>
 * version:1  nextOffset:8  producers:4  { producerId:8 lastUsedMs:8 batches:1
 *                                         { epoch:2 firstSequence:4 lastSequence:4 baseOffset:8 lastOffset:8 timestamp:8 } }
 * </pre>
 */
public final class PartitionSnapshotSerializer extends SerializerWithStringManifest {

    /** Identifies the serializer in stored snapshots; never changes. */
    public static final int IDENTIFIER = 1_907_341_201;

    private static final String MANIFEST = "PS";
    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 1 + 8 + 4;
    private static final int PRODUCER_BYTES = 8 + 8 + 1;
    private static final int BATCH_BYTES = 2 + 4 + 4 + 8 + 8 + 8;

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object o) {
        return MANIFEST;
    }

    @Override
    public byte[] toBinary(Object o) {
        if (!(o instanceof PartitionSnapshot snapshot)) {
            throw new IllegalArgumentException("not a partition snapshot: " + o.getClass().getName());
        }
        ByteBuffer out = ByteBuffer.allocate(size(snapshot));
        out.put(VERSION).putLong(snapshot.nextOffset()).putInt(snapshot.producers().size());
        for (PartitionSnapshot.Producer producer : snapshot.producers()) {
            out.putLong(producer.producerId()).putLong(producer.lastUsedMs()).put((byte) producer.batches().size());
            for (ProducerState.Batch batch : producer.batches()) {
                out.putShort(batch.epoch()).putInt(batch.firstSequence()).putInt(batch.lastSequence())
                        .putLong(batch.baseOffset()).putLong(batch.lastOffset()).putLong(batch.timestampMs());
            }
        }
        return out.array();
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte version = in.get();
            if (!manifest.equals(MANIFEST) || version != VERSION) {
                throw new NotSerializableException(
                        "partition snapshot " + manifest + " of version " + version + ", known is " + VERSION);
            }
            return read(in);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw (NotSerializableException) new NotSerializableException(
                    "partition snapshot of " + bytes.length + " bytes is damaged").initCause(e);
        }
    }

    private static PartitionSnapshot read(ByteBuffer in) {
        long nextOffset = in.getLong();
        int count = checked(in.getInt(), in.remaining() / PRODUCER_BYTES);
        List<PartitionSnapshot.Producer> producers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long producerId = in.getLong();
            long lastUsedMs = in.getLong();
            int batchCount = checked(in.get(), in.remaining() / BATCH_BYTES);
            List<ProducerState.Batch> batches = new ArrayList<>(batchCount);
            for (int j = 0; j < batchCount; j++) {
                batches.add(new ProducerState.Batch(in.getShort(), in.getInt(), in.getInt(), in.getLong(), in.getLong(),
                        in.getLong()));
            }
            producers.add(new PartitionSnapshot.Producer(producerId, lastUsedMs, batches));
        }
        return new PartitionSnapshot(nextOffset, producers);
    }

    private static int checked(int count, int max) {
        if (count < 0 || count > max) {
            throw new IllegalArgumentException("count " + count + ", at most " + max + " fit");
        }
        return count;
    }

    private static int size(PartitionSnapshot snapshot) {
        int size = HEAD_BYTES;
        for (PartitionSnapshot.Producer producer : snapshot.producers()) {
            size += PRODUCER_BYTES + producer.batches().size() * BATCH_BYTES;
        }
        return size;
    }
}
