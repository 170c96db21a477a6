package io.sluice.actors.partition;

import io.sluice.actors.config.TopicSettings;
import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;

/**
 * Everything that can be said against a producer's batch without knowing its partition's state: form, checksum, limits, timestamps. It runs on
 * the edge's own thread, in parallel for all connections, so that the partition's actor only has to look at offsets and sequence numbers. The
 * checksum is computed here and nowhere else on the way to the disk.
 *
 * <p>Only the batch's head is read; records are opaque, except in compacted topics, whose records must have keys ({@link KeyCheck}). That differs from Kafka in one point: timestamps are judged by the head's first and
 * largest, not one by one.
 *
 * <p>Stateless; any thread. The caller owns the buffer.
 */
public final class BatchValidation {

    private static final int HIGHEST_COMPRESSION = 4;
    private static final byte LOG_APPEND_TIME = 0x08;
    private static final int LOW_ATTRIBUTES_POSITION = BatchHeader.ATTRIBUTES_POSITION + 1;
    private static final int MAX_TIMESTAMP_POSITION = 35;
    private static final long NO_TIMESTAMP = -1;

    private BatchValidation() {
    }

    /** What came of the checks. */
    public sealed interface Result {
    }

    /**
     * The batch may be appended if its partition's state allows it.
     *
     * @param header its head, with the leader's timestamp where the topic uses LogAppendTime
     */
    public record Valid(BatchHeader header) implements Result {}

    /**
     * The batch is refused.
     *
     * @param error the protocol's error
     * @param message one line that names the cause, without record contents
     * @param wrongRecords which records, from 0, are the cause; empty if all are, or the batch itself
     */
    public record Invalid(Errors error, String message, List<Integer> wrongRecords) implements Result {}

    /**
     * Checks the batch between position and limit. With LogAppendTime its timestamps are set in place, and the checksum with them.
     *
     * @param topic the settings in force for the topic
     * @param nowMs the clock, ms since the epoch
     */
    public static Result validate(ByteBuffer batch, TopicSettings topic, long nowMs) {
        Invalid malformed = checkForm(batch, topic);
        if (malformed != null) {
            return malformed;
        }
        int at = batch.position();
        BatchHeader header = BatchHeader.read(batch, at);
        if (BatchHeader.computeCrc(batch, at, header.sizeInBytes()) != header.crc()) {
            return invalid(Errors.CORRUPT_MESSAGE, "the batch's CRC-32C does not match its bytes");
        }
        Invalid refused = checkHead(header);
        if (refused == null) {
            refused = checkTimestamps(header, topic, nowMs);
        }
        if (refused == null && header.sizeInBytes() > topic.log().segmentBytes()) {
            refused = invalid(Errors.RECORD_LIST_TOO_LARGE, "batch of " + header.sizeInBytes()
                    + " bytes is larger than segment.bytes, " + topic.log().segmentBytes());
        }
        if (refused == null && topic.log().compaction() != null) {
            refused = KeyCheck.check(batch);
        }
        if (refused != null) {
            return refused;
        }
        return new Valid(usesLogAppendTime(topic) ? stamp(batch, at, header.sizeInBytes(), nowMs) : header);
    }

    /** What can be wrong before the checksum is worth computing. */
    private static Invalid checkForm(ByteBuffer batch, TopicSettings topic) {
        int at = batch.position();
        int available = batch.remaining();
        if (available > BatchHeader.MAGIC_POSITION && batch.get(at + BatchHeader.MAGIC_POSITION) != BatchHeader.MAGIC) {
            return invalid(Errors.INVALID_RECORD,
                    "record format " + batch.get(at + BatchHeader.MAGIC_POSITION) + " is not accepted, only 2");
        }
        if (available < BatchHeader.BYTES) {
            return invalid(Errors.INVALID_RECORD, "no whole record batch in " + available + " bytes");
        }
        int length = batch.getInt(at + BatchHeader.LENGTH_POSITION);
        if (length < BatchHeader.BYTES - BatchHeader.LOG_OVERHEAD) {
            return invalid(Errors.CORRUPT_MESSAGE, "batch length " + length + " is less than its head");
        }
        int expected = available - BatchHeader.LOG_OVERHEAD;
        if (length != expected) {
            return invalid(Errors.INVALID_RECORD, length > expected
                    ? "batch of length " + length + " is cut short"
                    : "a produce request must have exactly one batch per partition");
        }
        if (available > topic.maxMessageBytes()) {
            return invalid(Errors.MESSAGE_TOO_LARGE, "batch of " + available
                    + " bytes is larger than max.message.bytes, " + topic.maxMessageBytes());
        }
        return null;
    }

    private static Invalid checkHead(BatchHeader header) {
        if (header.baseOffset() != 0) {
            return invalid(Errors.INVALID_RECORD, "base offset must be 0, but is " + header.baseOffset());
        }
        if (header.recordCount() <= 0 || header.lastOffsetDelta() != header.recordCount() - 1) {
            return invalid(Errors.INVALID_RECORD, "record count " + header.recordCount()
                    + " does not fit last offset delta " + header.lastOffsetDelta());
        }
        if (header.isControl()) {
            return invalid(Errors.INVALID_RECORD, "clients may not write control records");
        }
        if (header.compression() > HIGHEST_COMPRESSION) {
            return invalid(Errors.UNSUPPORTED_COMPRESSION_TYPE, "unknown compression " + header.compression());
        }
        return checkProducer(header);
    }

    private static Invalid checkProducer(BatchHeader header) {
        if (header.hasProducerId() && header.baseSequence() < 0) {
            return invalid(Errors.INVALID_RECORD,
                    "sequence number " + header.baseSequence() + " with producer id " + header.producerId());
        }
        if (header.hasProducerId() && header.producerEpoch() < 0) {
            return invalid(Errors.INVALID_PRODUCER_EPOCH,
                    "producer epoch " + header.producerEpoch() + " with producer id " + header.producerId());
        }
        if (header.isTransactional()) {
            return invalid(Errors.INVALID_TXN_STATE, "transactions are not supported yet");
        }
        return null;
    }

    private static Invalid checkTimestamps(BatchHeader header, TopicSettings topic, long nowMs) {
        if (!usesLogAppendTime(topic) && header.maxTimestamp() != NO_TIMESTAMP) {
            boolean fits = isInRange(header.baseTimestamp(), topic, nowMs)
                    && isInRange(header.maxTimestamp(), topic, nowMs);
            return fits
                    ? null
                    : invalid(Errors.INVALID_TIMESTAMP,
                            "timestamps " + header.baseTimestamp() + " to " + header.maxTimestamp() + " are not within "
                                    + topic.timestampBeforeMaxMs() + " ms before and " + topic.timestampAfterMaxMs()
                                    + " ms after the leader's clock, " + nowMs);
        }
        if (header.isLogAppendTime()) {
            return invalid(Errors.INVALID_TIMESTAMP, "a producer must not set the timestamp type LogAppendTime");
        }
        return null;
    }

    private static boolean isInRange(long timestamp, TopicSettings topic, long nowMs) {
        // The defaults are Long.MAX_VALUE: compare differences, sums would overflow.
        return timestamp == NO_TIMESTAMP || (nowMs - timestamp <= topic.timestampBeforeMaxMs()
                && timestamp - nowMs <= topic.timestampAfterMaxMs());
    }

    private static BatchHeader stamp(ByteBuffer batch, int at, int size, long nowMs) {
        batch.put(at + LOW_ATTRIBUTES_POSITION, (byte) (batch.get(at + LOW_ATTRIBUTES_POSITION) | LOG_APPEND_TIME));
        batch.putLong(at + MAX_TIMESTAMP_POSITION, nowMs);
        batch.putInt(at + BatchHeader.CRC_POSITION, BatchHeader.computeCrc(batch, at, size));
        return BatchHeader.read(batch, at);
    }

    private static boolean usesLogAppendTime(TopicSettings topic) {
        return topic.timestampType() == TimestampType.LOG_APPEND_TIME;
    }

    private static Invalid invalid(Errors error, String message) {
        return new Invalid(error, message, List.of());
    }
}
