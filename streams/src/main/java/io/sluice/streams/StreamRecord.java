package io.sluice.streams;

import org.apache.kafka.common.header.Headers;
import org.apache.pekko.util.ByteString;

/**
 * A record of a partition. Immutable.
 *
 * @param offset its offset
 * @param timestamp in milliseconds since the epoch: the producer's, or the leader's where the topic uses LogAppendTime; -1 if it has none
 * @param key its key, or null
 * @param value its value, or null
 * @param headers its headers in their order, read-only; never null
 */
public record StreamRecord(long offset, long timestamp, ByteString key, ByteString value, Headers headers) {

    /** Without contents: what is in a record does not belong into a log. */
    @Override
    public String toString() {
        return "record " + offset + " (timestamp " + timestamp + ", key " + size(key) + ", value " + size(value) + ")";
    }

    private static String size(ByteString bytes) {
        return bytes == null ? "null" : bytes.size() + " bytes";
    }
}
