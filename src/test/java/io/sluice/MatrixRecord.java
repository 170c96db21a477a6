package io.sluice;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record as every client of the matrix can tell it, in text, so that two of them can be compared and a difference can be read.
 *
 * @param key base64, or null
 * @param value base64, or null; of a value of over 64 KiB the size and the SHA-256, {@code 5242880:ab12…}
 * @param timestamp milliseconds since the epoch
 */
record MatrixRecord(String key, String value, List<Header> headers, long timestamp) {

    static final int LARGE = 64 * 1024;

    /** @param value base64, or null */
    record Header(String name, String value) {

        static Header of(String name, byte[] value) {
            return new Header(name, encode(value));
        }
    }

    static MatrixRecord of(byte[] key, byte[] value, List<Header> headers, long timestamp) {
        String text = value == null || value.length <= LARGE ? encode(value) : digest(value);
        return new MatrixRecord(encode(key), text, headers, timestamp);
    }

    static MatrixRecord of(ConsumerRecord<byte[], byte[]> record) {
        List<Header> headers = java.util.Arrays.stream(record.headers().toArray())
                .map(header -> Header.of(header.key(), header.value())).toList();
        return of(record.key(), record.value(), headers, record.timestamp());
    }

    /** A value's size and digest, as the scripts print them. */
    static String digest(byte[] value) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value);
            return value.length + ":" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isLarge() {
        return value != null && value.indexOf(':') > 0;
    }

    MatrixRecord withHeaders(List<Header> others) {
        return new MatrixRecord(key, value, others, timestamp);
    }

    MatrixRecord withTimestamp(long other) {
        return new MatrixRecord(key, value, headers, other);
    }

    static String encode(byte[] data) {
        return data == null ? null : Base64.getEncoder().encodeToString(data);
    }

    static byte[] decode(String text) {
        return text == null ? null : Base64.getDecoder().decode(text);
    }
}
