package io.sluice.streams.javadsl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The decoder of batches, beside that of kafka-clients. */
class StoredRecordsTest {

    private static ByteBuffer batch(TimestampType type, SimpleRecord... records) {
        return MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V2, 1_000_000_000_000L, Compression.NONE, type,
                records).buffer();
    }

    private static SimpleRecord random(Random random) {
        Header[] headers = IntStream.range(0, random.nextInt(4) * random.nextInt(2)).mapToObj(
                i -> new RecordHeader("é".repeat(random.nextInt(3)), bytes(random))).toArray(Header[]::new);
        return new SimpleRecord(random.nextLong(1L << random.nextInt(1, 62)), bytes(random), bytes(random), headers);
    }

    private static byte[] bytes(Random random) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(1 << random.nextInt(1, 16))];
        random.nextBytes(bytes);
        return bytes;
    }

    private static StoredRecords records(ByteBuffer batch, int position) {
        ByteBuffer direct = ByteBuffer.allocateDirect(position + batch.remaining());
        direct.position(position).put(batch.duplicate()).clear();
        var records = new StoredRecords(direct);
        records.begin(only(batch), position);
        return records;
    }

    private static MutableRecordBatch only(ByteBuffer batch) {
        return MemoryRecords.readableRecords(batch.duplicate()).batches().iterator().next();
    }

    @ParameterizedTest
    @EnumSource(value = TimestampType.class, names = {"CREATE_TIME", "LOG_APPEND_TIME"})
    void readsWhatTheDecoderOfTheClientReads(TimestampType type) {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            ByteBuffer batch = batch(type,
                    IntStream.range(0, 1 + random.nextInt(300)).mapToObj(i -> random(random))
                            .toArray(SimpleRecord[]::new));
            StoredRecords records = records(batch, random.nextInt(100));
            for (Record expected : only(batch)) {
                assertThat(records.advance()).as("seed %d", seed).isTrue();
                assertThat(records.offset()).as("seed %d", seed).isEqualTo(expected.offset());
                assertThat(records.timestamp()).as("seed %d", seed).isEqualTo(expected.timestamp());
                assertThat(records.key()).as("seed %d", seed).isEqualTo(Utils.toNullableArray(expected.key()));
                if (random.nextBoolean()) { // whether it is asked for or not
                    assertThat(records.headers()).as("seed %d", seed).containsExactly(expected.headers());
                }
                assertThat(records.value()).as("seed %d", seed).isEqualTo(Utils.toNullableArray(expected.value()));
            }
            assertThat(records.advance()).as("seed %d", seed).isFalse();
        }
    }

    /** Nobody looks into batches before: a checksum that is right says nothing about the records. */
    @Test
    void whatIsNoRecordFailsAndReadsNothingOfTheNextBatch() {
        byte[] good = Utils.toArray(batch(TimestampType.CREATE_TIME, new SimpleRecord(1, "key".getBytes(UTF_8),
                "value".getBytes(UTF_8), new Header[]{new RecordHeader("h", "1".getBytes(UTF_8))})));
        int first = DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
        for (int at = first; at < good.length; at++) {
            for (int wrong : new int[]{-1, -128, 127, 1}) {
                byte[] bytes = good.clone();
                bytes[at] = (byte) wrong;
                assertEndsInTheBatch(bytes);
            }
        }
        byte[] endless = good.clone();
        Arrays.fill(endless, first, endless.length, (byte) -1);
        assertThatThrownBy(() -> read(endless)).isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("1000000000000");
    }

    private static void assertEndsInTheBatch(byte[] bytes) {
        try {
            assertThat(read(bytes)).allSatisfy(part -> assertThat(part.length).isLessThan(bytes.length));
        } catch (InvalidRecordException e) {
            assertThat(e).hasMessageContaining("malformed");
        }
    }

    private static List<byte[]> read(byte[] batch) {
        StoredRecords records = records(ByteBuffer.wrap(batch), 0);
        List<byte[]> parts = new ArrayList<>();
        while (records.advance()) {
            records.headers().forEach(header -> parts.add(header.value()));
            parts.add(records.key());
            parts.add(records.value());
        }
        parts.removeIf(part -> part == null);
        return parts;
    }
}
