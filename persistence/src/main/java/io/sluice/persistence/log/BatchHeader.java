package io.sluice.persistence.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The fixed head of a Kafka record batch, magic 2 (KIP-98). Everything Sluice needs to know of a batch is in here, so the records behind it
 * are never looked at on the way to disk or to a consumer.
 *
 * <p>Base offset and leader epoch are outside the checksum, so a leader may set them in place ({@link #patch}).
 *
 * @param baseOffset offset of the first record
 * @param sizeInBytes size of the whole batch, head included
 * @param leaderEpoch epoch of the leader that appended it; -1 as a producer sends it
 * @param magic format version, 2
 * @param crc CRC-32C of everything from the attributes on
 * @param attributes compression, timestamp type, transactional and control bits
 * @param lastOffsetDelta offset of the last record less {@code baseOffset}
 * @param baseTimestamp timestamp of the first record, ms since the epoch, or -1; in compacted batches and fillers it means something else
 * @param maxTimestamp largest timestamp of its records, ms since the epoch, or -1
 * @param producerId idempotent producer's id, or -1
 * @param producerEpoch idempotent producer's epoch, or -1
 * @param baseSequence sequence number of the first record, or -1
 * @param recordCount number of records, as the head says
 */
public record BatchHeader(long baseOffset, int sizeInBytes, int leaderEpoch, byte magic, int crc, short attributes,
        int lastOffsetDelta, long baseTimestamp, long maxTimestamp, long producerId, short producerEpoch,
        int baseSequence, int recordCount) {

    /** Size of the head in bytes. */
    public static final int BYTES = 61;
    /** Bytes of base offset and length, which the length field does not count. */
    public static final int LOG_OVERHEAD = 12;
    /** Position of the length field in a batch. */
    public static final int LENGTH_POSITION = 8;
    /** Position of the leader epoch in a batch. */
    public static final int LEADER_EPOCH_POSITION = 12;
    /** Position of the format version in a batch. */
    public static final int MAGIC_POSITION = 16;
    /** Position of the checksum in a batch. */
    public static final int CRC_POSITION = 17;
    /** Position of the first byte that the checksum covers. */
    public static final int ATTRIBUTES_POSITION = 21;
    /** The format version that Sluice stores. */
    public static final byte MAGIC = 2;

    private static final int COMPRESSION_MASK = 0x07;
    private static final int LOG_APPEND_TIME = 0x08;
    private static final int TRANSACTIONAL = 0x10;
    static final int CONTROL = 0x20;

    /**
     * Reads the head at {@code at} (an absolute position); the buffer's own position is left alone.
     *
     * @throws IndexOutOfBoundsException if fewer than {@link #BYTES} bytes are there
     */
    public static BatchHeader read(ByteBuffer b, int at) {
        return new BatchHeader(b.getLong(at), b.getInt(at + LENGTH_POSITION) + LOG_OVERHEAD,
                b.getInt(at + LEADER_EPOCH_POSITION), b.get(at + MAGIC_POSITION), b.getInt(at + CRC_POSITION),
                b.getShort(at + ATTRIBUTES_POSITION), b.getInt(at + 23), b.getLong(at + 27), b.getLong(at + 35),
                b.getLong(at + 43), b.getShort(at + 51), b.getInt(at + 53), b.getInt(at + 57));
    }

    /** Size of the whole batch that begins at {@code at}. */
    public static int sizeInBytes(ByteBuffer b, int at) {
        return b.getInt(at + LENGTH_POSITION) + LOG_OVERHEAD;
    }

    /** Offset that follows the last record of the batch beginning at {@code at}. */
    public static long nextOffset(ByteBuffer b, int at) {
        return b.getLong(at) + b.getInt(at + 23) + 1;
    }

    /** Sets base offset and leader epoch of the batch that begins at {@code at}, in place; the checksum stays valid. */
    public static void patch(ByteBuffer b, int at, long baseOffset, int leaderEpoch) {
        b.putLong(at, baseOffset);
        b.putInt(at + LEADER_EPOCH_POSITION, leaderEpoch);
    }

    /** The CRC-32C of the batch of {@code size} bytes that begins at {@code at}, computed from its bytes. */
    public static int computeCrc(ByteBuffer b, int at, int size) {
        CRC32C crc = new CRC32C();
        crc.update(b.slice(at + ATTRIBUTES_POSITION, size - ATTRIBUTES_POSITION));
        return (int) crc.getValue();
    }

    /** Offset of the last record. */
    public long lastOffset() {
        return baseOffset + lastOffsetDelta;
    }

    /** Offset that follows the last record. */
    public long nextOffset() {
        return baseOffset + lastOffsetDelta + 1L;
    }

    /** Sequence number of the last record; sequence numbers wrap past {@code Integer.MAX_VALUE} to 0. */
    public int lastSequence() {
        if (baseSequence < 0) {
            return baseSequence;
        }
        long last = (long) baseSequence + lastOffsetDelta;
        return (int) (last > Integer.MAX_VALUE ? last - Integer.MAX_VALUE - 1 : last);
    }

    /** The compression's id in the protocol: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
    public int compression() {
        return attributes & COMPRESSION_MASK;
    }

    /** Whether the timestamps were set by the leader (KIP-32). */
    public boolean isLogAppendTime() {
        return (attributes & LOG_APPEND_TIME) != 0;
    }

    /** Whether the batch belongs to a transaction. */
    public boolean isTransactional() {
        return (attributes & TRANSACTIONAL) != 0;
    }

    /** Whether the batch holds control records, which no consumer sees. */
    public boolean isControl() {
        return (attributes & CONTROL) != 0;
    }

    /** Whether it stands for batches that compaction has removed ({@link Filler}). */
    public boolean isFiller() {
        return recordCount == 0 && producerId < 0 && !isControl();
    }

    /** In a log of record batches, the sequence number of the last batch that this one is or stands for, if {@code before} is that of the batch before. */
    long lastSequenceNr(long before) {
        return isFiller() ? Math.max(before + 1, baseTimestamp) : before + 1;
    }

    /** Whether an idempotent producer wrote it. */
    public boolean hasProducerId() {
        return producerId >= 0;
    }
}
