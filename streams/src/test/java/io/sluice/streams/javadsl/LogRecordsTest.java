package io.sluice.streams.javadsl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.BufferSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is made of batches as they are in a log. */
class LogRecordsTest {

    private static LogRecords<String, String> records(ByteBuffer batches, long from) {
        return new LogRecords<>(FakeConsumer.partition(0), batches, from,
                new RecordDeserializer<>(new StringDeserializer(), new StringDeserializer()), BufferSupplier.create(),
                bytes -> {
                });
    }

    private static List<ConsumerRecord<String, String>> all(ByteBuffer batches, long from) {
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        LogRecords<String, String> records = records(batches, from);
        ConsumerRecord<String, String> record;
        while ((record = records.next()) != null) {
            all.add(record);
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = {"NONE", "GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void everythingInARecordArrives(CompressionType type) {
        var headers = new Header[]{new RecordHeader("h", "1".getBytes(UTF_8)), new RecordHeader("h", null)};
        ByteBuffer batch = MemoryRecords.withRecords(7, Compression.of(type).build(),
                new SimpleRecord(100, "key".getBytes(UTF_8), "value".getBytes(UTF_8), headers),
                new SimpleRecord(200, (byte[]) null, null), new SimpleRecord(300, new byte[0], new byte[0])).buffer();

        List<ConsumerRecord<String, String>> all = all(batch, 0);

        assertThat(all).extracting(ConsumerRecord::offset).containsExactly(7L, 8L, 9L);
        assertThat(all).extracting(ConsumerRecord::timestamp).containsExactly(100L, 200L, 300L);
        assertThat(all).extracting(ConsumerRecord::key).containsExactly("key", null, "");
        assertThat(all).extracting(ConsumerRecord::value).containsExactly("value", null, "");
        assertThat(all.getFirst().headers()).containsExactly(headers);
        assertThat(all.getLast().headers()).isEmpty();
    }
}
