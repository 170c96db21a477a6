package io.sluice.kafka.produce;

import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * What the protocol, not the log, wants of a partition's records in a Produce request.
 *
 * @param error {@link Errors#NONE} if they may be appended
 * @param message why not, or null
 * @param batch the one batch, or null on an error
 */
record BatchCheck(Errors error, String message, ByteBuffer batch) {
    private static final short ZSTD_VERSION = 7;
    private static final int COMPRESSION_MASK = 0x07;
    private static final int ZSTD = 4;

    static BatchCheck of(short version, BaseRecords records) {
        ByteBuffer bytes = records instanceof MemoryRecords memory ? memory.buffer() : null;
        if (bytes == null || !bytes.hasRemaining()) {
            return invalid("a partition must have exactly one record batch, this has none");
        }
        if (bytes.remaining() <= BatchHeader.MAGIC_POSITION) {
            return invalid("the record batch is cut off");
        }
        int start = bytes.position();
        byte magic = bytes.get(start + BatchHeader.MAGIC_POSITION);
        if (magic != BatchHeader.MAGIC) {
            // as Kafka has it: the old formats are known and refused, any other byte is no format at all
            return failed(magic == 0 || magic == 1 ? Errors.INVALID_RECORD : Errors.CORRUPT_MESSAGE,
                    "the record batch has magic " + magic + ", only 2 is supported");
        }
        long size = (long) bytes.getInt(start + BatchHeader.LENGTH_POSITION) + BatchHeader.LOG_OVERHEAD;
        if (size < BatchHeader.BYTES) {
            return failed(Errors.CORRUPT_MESSAGE, "the record batch claims " + size + " bytes, less than its head has");
        }
        if (size > bytes.remaining()) {
            return invalid("the record batch claims " + size + " of " + bytes.remaining() + " bytes");
        }
        if (size < bytes.remaining()) {
            return invalid("a partition must have exactly one record batch, this has more");
        }
        int compression = bytes.getShort(start + BatchHeader.ATTRIBUTES_POSITION) & COMPRESSION_MASK;
        if (compression == ZSTD && version < ZSTD_VERSION) {
            return failed(Errors.UNSUPPORTED_COMPRESSION_TYPE,
                    "zstd needs Produce of version " + ZSTD_VERSION + " or later");
        }
        return new BatchCheck(Errors.NONE, null, bytes);
    }

    private static BatchCheck invalid(String message) {
        return failed(Errors.INVALID_RECORD, message);
    }

    private static BatchCheck failed(Errors error, String message) {
        return new BatchCheck(error, message, null);
    }
}
