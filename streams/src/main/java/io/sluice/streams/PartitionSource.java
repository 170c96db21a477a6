package io.sluice.streams;

import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.Partitions;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Sources over one partition that this node leads. They read the log itself, with no consumer, connection or group in between, and only as far as
 * there is demand: a slow sink means that nothing is read, beyond the rest of one chunk.
 *
 * <p>A source fails with the cause: {@link io.sluice.persistence.log.OffsetOutOfRangeException} for an offset the log does not have (any more), the
 * protocol's exception when this node does not lead the partition or it is gone, {@link java.io.IOException} for the disk. Each materialization reads
 * for itself.
 *
 * @param partitions the partitions of this node
 * @param partition which one
 * @param fromOffset offset of the first record wanted; if there is none of that number, the next one comes
 * @param chunkBytes most bytes read ahead of the demand; a record batch larger than that is read whole (KIP-74)
 */
public record PartitionSource(Partitions partitions, PartitionRef partition, long fromOffset, int chunkBytes) {

    /** The chunk where none is given, in bytes: a few batches of a producer with default settings. */
    public static final int CHUNK_BYTES = 64 * 1024;

    public PartitionSource {
        if (fromOffset < 0) {
            throw new IllegalArgumentException("fromOffset is " + fromOffset + ", must be at least 0");
        }
        if (chunkBytes < 1) {
            throw new IllegalArgumentException("chunkBytes is " + chunkBytes + ", must be at least 1");
        }
    }

    /** Sources with chunks of {@link #CHUNK_BYTES}. */
    public static PartitionSource from(Partitions partitions, PartitionRef partition, long fromOffset) {
        return new PartitionSource(partitions, partition, fromOffset, CHUNK_BYTES);
    }

    /** The same with another chunk. */
    public PartitionSource withChunkBytes(int bytes) {
        return new PartitionSource(partitions, partition, fromOffset, bytes);
    }

    /** All records, and those still to come; it never completes. */
    public Source<StreamRecord, NotUsed> live() {
        return Source.fromGraph(new PartitionStage(this, false));
    }

    /** The records up to the high watermark at the first demand; then it completes. */
    public Source<StreamRecord, NotUsed> untilEnd() {
        return Source.fromGraph(new PartitionStage(this, true));
    }
}
