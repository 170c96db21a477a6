package io.sluice.clusterconfig.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Makes a record of each line. Immutable. */
final class LineFormat {
    private final String topic;
    private final Integer partition;
    private final byte[] keySeparator;
    private final List<Header> headers;

    /**
     * @param partition where the records go, null to have the client choose
     * @param keySeparator what ends the key in a line; null or empty if lines are values only
     * @param headers of each record, by name, as text
     */
    LineFormat(String topic, Integer partition, String keySeparator, Map<String, String> headers) {
        this.topic = topic;
        this.partition = partition;
        this.keySeparator = keySeparator == null ? new byte[0] : keySeparator.getBytes(UTF_8);
        this.headers = headers.entrySet().stream()
                .map(header -> (Header) new RecordHeader(header.getKey(), header.getValue().getBytes(UTF_8))).toList();
    }

    /** The record of a line: without separator in it, it has no key. */
    ProducerRecord<byte[], byte[]> record(byte[] line) {
        int at = keySeparator.length == 0 ? -1 : indexOf(line);
        byte[] key = at < 0 ? null : Arrays.copyOf(line, at);
        byte[] value = at < 0 ? line : Arrays.copyOfRange(line, at + keySeparator.length, line.length);
        return new ProducerRecord<>(topic, partition, key, value, headers);
    }

    private int indexOf(byte[] line) {
        for (int i = 0; i + keySeparator.length <= line.length; i++) {
            if (Arrays.equals(line, i, i + keySeparator.length, keySeparator, 0, keySeparator.length)) {
                return i;
            }
        }
        return -1;
    }
}
