package io.sluice.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.config.TopicSettings;
import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.FlushMode;
import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.log.compact.CompactionPolicy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchValidationTest {

    private static final long HOUR = 3_600_000;
    private static final TopicSettings LIMITS = limits(1_000_000, 1_000_000, false, Long.MAX_VALUE, HOUR);
    private static final TopicSettings COMPACTED = new TopicSettings(
            LIMITS.log().withCompaction(new CompactionPolicy(0, 0.5, 0, Long.MAX_VALUE, HOUR)), 1_000_000,
            TimestampType.CREATE_TIME, Long.MAX_VALUE, HOUR, 1);

    @Test
    void acceptsWhatAClientWrites() {
        ByteBuffer batch = Batches.idempotent(7, 1, 20, 3);

        BatchHeader header = valid(batch, LIMITS);

        assertThat(header.recordCount()).isEqualTo(3);
        assertThat(header.producerId()).isEqualTo(7);
        assertThat(header.baseSequence()).isEqualTo(20);
        assertThat(header.lastSequence()).isEqualTo(22);
        assertThat(batch.position()).isZero();
        assertThat(batch.limit()).isEqualTo(header.sizeInBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void acceptsEveryCompression(String name) {
        assertThat(valid(Batches.compressed(Compression.of(name).build(), 10), LIMITS).recordCount()).isEqualTo(10);
    }

    @Test
    void readsABatchThatDoesNotBeginAtZero() {
        ByteBuffer batch = Batches.plain(2);
        ByteBuffer framed = ByteBuffer.allocate(batch.limit() + 30).position(17).put(batch).flip().position(17);

        assertThat(valid(framed, LIMITS).recordCount()).isEqualTo(2);
    }

    @Test
    void refusesWhatIsNoWholeBatch() {
        ByteBuffer batch = Batches.plain(2);
        for (int length = 0; length < batch.capacity(); length++) {
            assertThat(error(batch.duplicate().limit(length), LIMITS)).as("cut to %d", length)
                    .isEqualTo(Errors.INVALID_RECORD);
        }
    }

    @Test
    void refusesMoreThanOneBatch() {
        ByteBuffer batch = Batches.plain(2);
        ByteBuffer two = ByteBuffer.allocate(batch.limit() * 2).put(batch.duplicate()).put(batch).flip();

        assertThat(error(two, LIMITS)).isEqualTo(Errors.INVALID_RECORD);
        assertThat(error(two.limit(batch.limit() + 1), LIMITS)).isEqualTo(Errors.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 3, -1, 127})
    void refusesOtherFormats(byte magic) {
        assertThat(error(Batches.plain(1).put(BatchHeader.MAGIC_POSITION, magic), LIMITS))
                .isEqualTo(Errors.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 48, -1, Integer.MIN_VALUE})
    void refusesALengthBelowTheHead(int length) {
        assertThat(error(Batches.plain(1).putInt(BatchHeader.LENGTH_POSITION, length), LIMITS))
                .isEqualTo(Errors.CORRUPT_MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, Integer.MAX_VALUE})
    void refusesALengthBeyondTheBuffer(int length) {
        assertThat(error(Batches.plain(1).putInt(BatchHeader.LENGTH_POSITION, length), LIMITS))
                .isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void findsEveryFlippedBitUnderTheChecksum() {
        int size = Batches.plain(2).limit();
        for (int at = BatchHeader.CRC_POSITION; at < size; at++) {
            for (int bit = 0; bit < 8; bit++) {
                ByteBuffer batch = Batches.plain(2);
                batch.put(at, (byte) (batch.get(at) ^ 1 << bit));
                assertThat(error(batch, LIMITS)).as("byte %d bit %d", at, bit).isEqualTo(Errors.CORRUPT_MESSAGE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refusesARecordCountThatDoesNotFitTheOffsets(int count) {
        ByteBuffer batch = Batches.resealed(Batches.plain(2).putInt(57, count));

        assertThat(error(batch, LIMITS)).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void refusesAnEmptyBatch() {
        ByteBuffer batch = Batches.resealed(Batches.plain(2).putInt(57, 0).putInt(23, -1));

        assertThat(error(batch, LIMITS)).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void refusesABaseOffset() {
        assertThat(error(Batches.plain(1).putLong(0, 5), LIMITS)).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void refusesControlBatches() {
        ByteBuffer batch = Batches.resealed(Batches.plain(1).putShort(BatchHeader.ATTRIBUTES_POSITION, (short) 0x20));

        assertThat(error(batch, LIMITS)).isEqualTo(Errors.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(shorts = {5, 6, 7})
    void refusesUnknownCompression(short compression) {
        ByteBuffer batch = Batches.resealed(Batches.plain(1).putShort(BatchHeader.ATTRIBUTES_POSITION, compression));

        assertThat(error(batch, LIMITS)).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void refusesTransactionsUntilThereAreSome() {
        assertThat(error(Batches.transactional(9, 2), LIMITS)).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void refusesAProducerWithoutSequenceOrEpoch() {
        assertThat(error(Batches.resealed(Batches.idempotent(9, 0, 0, 1).putInt(53, -1)), LIMITS))
                .isEqualTo(Errors.INVALID_RECORD);
        assertThat(error(Batches.resealed(Batches.idempotent(9, 0, 0, 1).putShort(51, (short) -1)), LIMITS))
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void refusesABatchAboveTheTopicsLimit() {
        ByteBuffer batch = Batches.plain(5);

        assertThat(error(batch, limits(batch.limit() - 1, 1_000_000, false, Long.MAX_VALUE, HOUR)))
                .isEqualTo(Errors.MESSAGE_TOO_LARGE);
        valid(batch, limits(batch.limit(), 1_000_000, false, Long.MAX_VALUE, HOUR));
    }

    @Test
    void refusesABatchAboveASegment() {
        ByteBuffer batch = Batches.plain(5);

        assertThat(error(batch, limits(1_000_000, batch.limit() - 1, false, Long.MAX_VALUE, HOUR)))
                .isEqualTo(Errors.RECORD_LIST_TOO_LARGE);
        valid(batch, limits(1_000_000, batch.limit(), false, Long.MAX_VALUE, HOUR));
    }

    @Test
    void refusesTimestampsTooFarFromTheClock() {
        ByteBuffer batch = Batches.plain(11);

        assertThat(errorAt(Batches.NOW - HOUR, batch, LIMITS)).isEqualTo(Errors.INVALID_TIMESTAMP);
        assertThat(errorAt(Batches.NOW - HOUR + 10, batch, LIMITS)).isEqualTo(Errors.NONE);
        TopicSettings hourBack = limits(1_000_000, 1_000_000, false, HOUR, HOUR);
        assertThat(errorAt(Batches.NOW + HOUR + 1, batch, hourBack)).isEqualTo(Errors.INVALID_TIMESTAMP);
        assertThat(errorAt(Batches.NOW + HOUR, batch, hourBack)).isEqualTo(Errors.NONE);
    }

    @Test
    void acceptsBatchesWithoutTimestamp() {
        ByteBuffer batch = Batches.resealed(Batches.plain(1).putLong(27, -1).putLong(35, -1));

        assertThat(error(batch, limits(1_000_000, 1_000_000, false, HOUR, HOUR))).isEqualTo(Errors.NONE);
    }

    @Test
    void setsTheLeadersTimestampAndTheChecksum() {
        ByteBuffer batch = Batches.plain(3);
        long now = Batches.NOW + 5 * HOUR;

        BatchValidation.Result result = BatchValidation.validate(batch,
                limits(1_000_000, 1_000_000, true, Long.MAX_VALUE, HOUR), now);

        assertThat(result).isInstanceOf(BatchValidation.Valid.class);
        assertThat(((BatchValidation.Valid) result).header().maxTimestamp()).isEqualTo(now);
        var read = MemoryRecords.readableRecords(batch).batches().iterator().next();
        read.ensureValid();
        assertThat(read.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(read).allMatch(record -> record.timestamp() == now);
    }

    @Test
    void refusesALeadersTimestampFromAProducer() {
        ByteBuffer batch = Batches.resealed(Batches.plain(1).putShort(BatchHeader.ATTRIBUTES_POSITION, (short) 8));

        assertThat(error(batch, limits(1_000_000, 1_000_000, true, Long.MAX_VALUE, HOUR)))
                .isEqualTo(Errors.INVALID_TIMESTAMP);
    }

    @Property(tries = 2000)
    void answersAnyBytes(@ForAll long seed) {
        Random random = new Random(seed);
        ByteBuffer batch = Batches.plain(3);
        for (int i = random.nextInt(6); i >= 0; i--) {
            batch.put(random.nextInt(batch.capacity()), (byte) random.nextInt());
        }
        if (random.nextBoolean()) {
            Batches.resealed(batch);
        }
        batch.limit(random.nextInt(batch.capacity() + 1));

        assertThat(error(batch, LIMITS)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void namesRecordsWithoutKeyInACompactedTopic(String name) {
        Compression compression = Compression.of(name).build();
        ByteBuffer mixed = Batches.of(compression, "a", null, "b", null);
        assertThat(BatchValidation.validate(mixed, COMPACTED, Batches.NOW)).isEqualTo(
                new BatchValidation.Invalid(Errors.INVALID_RECORD, "a record of a compacted topic must have a key",
                        List.of(1, 3)));
        assertThat(error(Batches.of(compression, "a", "b"), COMPACTED)).isEqualTo(Errors.NONE);
        assertThat(error(mixed, LIMITS)).isEqualTo(Errors.NONE);
    }

    @Test
    void refusesRecordsThatCannotBeReadInACompactedTopic() {
        ByteBuffer batch = Batches.of(Compression.gzip().build(), "a", "b");
        batch.put(BatchHeader.BYTES + 3, (byte) 77);
        assertThat(error(Batches.resealed(batch), COMPACTED)).isEqualTo(Errors.CORRUPT_MESSAGE);
        assertThat(error(batch, LIMITS)).isEqualTo(Errors.NONE);
    }

    private static TopicSettings limits(int maxMessageBytes, long segmentBytes, boolean appendTime, long before,
            long after) {
        return new TopicSettings(new LogConfig(segmentBytes, HOUR, -1, -1, FlushMode.OS), maxMessageBytes,
                appendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME, before, after, 1);
    }

    private static BatchHeader valid(ByteBuffer batch, TopicSettings limits) {
        return ((BatchValidation.Valid) BatchValidation.validate(batch, limits, Batches.NOW)).header();
    }

    private static Errors error(ByteBuffer batch, TopicSettings limits) {
        return errorAt(Batches.NOW, batch, limits);
    }

    private static Errors errorAt(long nowMs, ByteBuffer batch, TopicSettings limits) {
        return switch (BatchValidation.validate(batch, limits, nowMs)) {
            case BatchValidation.Invalid invalid -> invalid.error();
            case BatchValidation.Valid valid -> Errors.NONE;
        };
    }
}
