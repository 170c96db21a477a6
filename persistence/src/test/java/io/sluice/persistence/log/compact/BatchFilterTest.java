package io.sluice.persistence.log.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;

class BatchFilterTest {
    private static final long NOW = 1_000_000;
    private static final CompactionPolicy POLICY = new CompactionPolicy(100, 0.5, 0, Long.MAX_VALUE, 1000);
    private static final long PRODUCER = 7;

    enum Codec {
        NONE, GZIP, LZ4, ZSTD
    }

    private final OffsetMap offsets = new OffsetMap(100, Long.MAX_VALUE);
    private final ProducerBatches producers = new ProducerBatches(10);

    @ParameterizedTest
    @EnumSource
    void whatStaysKeepsItsPlaceAndTheBatchItsHead(Codec codec) {
        offsets.put(bytes("a"), 30);
        ByteBuffer batch = batch(codec, record("a", "1"), record("b", "2"), record("a", "3"));

        MutableRecordBatch left = only(filter(NOW, batch));

        left.ensureValid();
        assertThat(left.baseOffset()).isEqualTo(20);
        assertThat(left.lastOffset()).isEqualTo(22);
        assertThat(left.partitionLeaderEpoch()).isEqualTo(3);
        assertThat(left.producerId()).isEqualTo(PRODUCER);
        assertThat(left.producerEpoch()).isEqualTo((short) 1);
        assertThat(left.baseSequence()).isEqualTo(40);
        assertThat(left.lastSequence()).isEqualTo(42);
        assertThat(left.compressionType().name).isEqualToIgnoringCase(codec.name());
        assertThat(StreamSupport.stream(left.spliterator(), false).map(r -> r.offset() + ":" + r.timestamp()))
                .containsExactly("21:" + NOW);
    }

    @Test
    void theRecordWithTheLastOffsetStays() {
        offsets.put(bytes("a"), 20);
        ByteBuffer batch = batch(Codec.NONE, record("a", "1"));
        assertThat(filter(NOW, batch)).isEqualTo(batch);
    }

    @Test
    void nothingStaysOfABatchThatIsSuperseded() {
        offsets.put(bytes("a"), 30);
        producers.add(PRODUCER, 30);
        assertThat(filter(NOW, batch(Codec.NONE, record("a", "1"))).hasRemaining()).isFalse();
    }

    @Test
    void theHeadOfAProducersLastBatchStaysUntilTheProducerExpires() {
        offsets.put(bytes("a"), 30);
        producers.add(PRODUCER, 20);
        ByteBuffer batch = batch(Codec.NONE, record("a", "1"));

        ByteBuffer head = filter(NOW + 999, batch);
        MutableRecordBatch left = only(head);
        left.ensureValid();
        assertThat(left.countOrNull()).isZero();
        assertThat(left.producerId()).isEqualTo(PRODUCER);
        assertThat(left.lastSequence()).isEqualTo(40);
        assertThat(left.baseOffset()).isEqualTo(20);
        assertThat(left.partitionLeaderEpoch()).isEqualTo(3);

        assertThat(filter(NOW + 999, copy(head)).remaining()).as("again").isEqualTo(61);
        assertThat(filter(NOW + 1000, copy(head)).hasRemaining()).isFalse();
    }

    @Test
    void aTombstoneStaysForItsTimeFromTheFirstCleaningOn() {
        ByteBuffer first = copy(filter(NOW + 500, batch(Codec.NONE, record("a", null), record("b", "1"))));
        assertThat(only(first).deleteHorizonMs()).hasValue(NOW + 600);
        assertThat(keys(first)).containsExactly("a", "b");

        ByteBuffer second = copy(filter(NOW + 599, first));
        assertThat(only(second).deleteHorizonMs()).hasValue(NOW + 600);
        assertThat(keys(second)).containsExactly("a", "b");

        ByteBuffer third = copy(filter(NOW + 600, second));
        assertThat(keys(third)).containsExactly("b");
        assertThat(only(third).lastOffset()).isEqualTo(21);
    }

    @Test
    void aRecordWithoutKeyGoes() {
        assertThat(keys(filter(NOW, batch(Codec.NONE, record(null, "1"), record("b", "1"))))).containsExactly("b");
    }

    private ByteBuffer filter(long now, ByteBuffer batch) {
        return new BatchFilter(offsets, producers, POLICY, now).filter(batch.duplicate());
    }

    private static ByteBuffer batch(Codec codec, SimpleRecord... records) {
        Compression compression = switch (codec) {
            case NONE -> Compression.NONE;
            case GZIP -> Compression.gzip().build();
            case LZ4 -> Compression.lz4().build();
            case ZSTD -> Compression.zstd().build();
        };
        return MemoryRecords.withRecords((byte) 2, 20, compression, TimestampType.CREATE_TIME, PRODUCER, (short) 1, 40,
                3, false, records).buffer();
    }

    private static SimpleRecord record(String key, String value) {
        return new SimpleRecord(NOW, key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MutableRecordBatch only(ByteBuffer bytes) {
        return MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator().next();
    }

    private static List<String> keys(ByteBuffer bytes) {
        return StreamSupport.stream(only(bytes).spliterator(), false)
                .map(r -> StandardCharsets.UTF_8.decode(r.key()).toString()).toList();
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
