package io.sluice.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.OffsetOutOfRangeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartitionSourceTest {

    /** How long nothing must happen for it to count as nothing. */
    private static final Duration QUIET = Duration.ofMillis(300);

    private static ActorSystem system;

    @TempDir
    Path directory;

    private OnePartition partition;

    @BeforeAll
    static void start() {
        system = ActorSystem.create("partition-source");
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @BeforeEach
    void open() {
        partition = new OnePartition(directory);
    }

    @AfterEach
    void close() {
        partition.close();
    }

    private PartitionSource from(long offset) {
        return PartitionSource.from(partition, OnePartition.REF, offset);
    }

    private static DemandProbe<StreamRecord> probe(Source<StreamRecord, NotUsed> source) {
        var probe = new DemandProbe<StreamRecord>();
        source.runWith(Sink.fromSubscriber(probe), system);
        return probe;
    }

    private static List<StreamRecord> all(Source<StreamRecord, NotUsed> source) {
        return OnePartition.get(source.runWith(Sink.seq(), system));
    }

    private static List<Long> offsets(List<StreamRecord> records) {
        return records.stream().map(StreamRecord::offset).toList();
    }

    /** Appends batches of records whose value is their offset, padded to a size. */
    private void append(int batches, int recordsPerBatch, int valueBytes) {
        for (int i = 0; i < batches; i++) {
            long offset = partition.endOffset();
            partition.append(Compression.NONE, IntStream.range(0, recordsPerBatch).mapToObj(n -> {
                byte[] value = new byte[valueBytes];
                byte[] number = Long.toString(offset + n).getBytes(UTF_8);
                System.arraycopy(number, 0, value, 0, number.length);
                return new SimpleRecord(1, value);
            }).toArray(SimpleRecord[]::new));
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = {"NONE", "GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void everythingInARecordArrives(CompressionType type) {
        var headers = new Header[]{new RecordHeader("h", "1".getBytes(UTF_8)), new RecordHeader("h", null)};
        partition.append(Compression.of(type).build(),
                new SimpleRecord(100, "key".getBytes(UTF_8), "value".getBytes(UTF_8), headers),
                new SimpleRecord(200, (byte[]) null, null), new SimpleRecord(300, new byte[0], new byte[0]));

        List<StreamRecord> records = all(from(0).untilEnd());

        assertThat(offsets(records)).containsExactly(0L, 1L, 2L);
        assertThat(records).extracting(StreamRecord::timestamp).containsExactly(100L, 200L, 300L);
        assertThat(records).extracting(StreamRecord::key).containsExactly(ByteString.fromString("key"), null,
                ByteString.emptyByteString());
        assertThat(records).extracting(StreamRecord::value).containsExactly(ByteString.fromString("value"), null,
                ByteString.emptyByteString());
        assertThat(records.getFirst().headers()).containsExactly(headers);
        assertThat(records.getLast().headers()).isEmpty();
        assertThat(records.getFirst().toString()).doesNotContain("value\"").contains("5 bytes");
    }

    @Test
    void beginsInTheMiddleOfABatchAndGoesOnOverManyChunks() {
        append(50, 7, 100);
        List<StreamRecord> records = all(from(17).withChunkBytes(1000).untilEnd());
        assertThat(offsets(records)).isEqualTo(IntStream.range(17, 350).mapToObj(Long::valueOf).toList());
        assertThat(records).allSatisfy(record -> assertThat(record.value().utf8String().trim())
                .isEqualTo(Long.toString(record.offset())));
    }

    @Test
    void aBatchLargerThanTheChunkIsReadWhole() {
        append(2, 3, 50_000);
        assertThat(all(from(0).withChunkBytes(1).untilEnd())).hasSize(6);
    }

    @Test
    void withoutDemandNothingIsStartedOrRead() {
        append(1, 1, 10);
        DemandProbe<StreamRecord> probe = probe(from(0).live());
        probe.request(1).next();
        int before = partition.activations.get();

        DemandProbe<StreamRecord> idle = probe(from(0).live());
        await().during(QUIET).atMost(QUIET.multipliedBy(4)).until(() -> partition.activations.get() == before
                && partition.reads.get() == 1);

        idle.request(1).next();
        assertThat(partition.reads).hasValue(2);
    }

    @Test
    void demandReadsNoMoreThanTheChunkItNeeds() {
        append(20, 5, 200); // about 1,100 bytes a batch
        DemandProbe<StreamRecord> probe = probe(from(0).withChunkBytes(2500).live());

        assertThat(offsets(probe.request(1).next(1))).containsExactly(0L);
        assertThat(partition.reads).hasValue(1);
        assertThat(offsets(probe.request(9).next(9))).endsWith(9L);
        await().during(QUIET).atMost(QUIET.multipliedBy(4)).until(() -> partition.reads.get() == 1 && probe.isQuiet());

        assertThat(offsets(probe.request(1).next(1))).containsExactly(10L);
        assertThat(partition.reads).as("two batches a chunk").hasValue(2);
        probe.cancel();
    }

    @Test
    void aLiveSourceWaitsForWhatIsToCome() {
        append(1, 2, 10);
        DemandProbe<StreamRecord> probe = probe(from(0).live());
        assertThat(probe.request(10).next(2)).hasSize(2);
        for (long offset = 2; offset < 8; offset++) {
            append(1, 1, 10);
            assertThat(probe.next().offset()).isEqualTo(offset);
        }
        assertThat(probe.isQuiet()).isTrue();
        probe.cancel();
    }

    @Test
    void aLiveSourceMayBeginAtTheEndOfAnEmptyLog() {
        DemandProbe<StreamRecord> probe = probe(from(0).live());
        probe.request(5);
        await().until(() -> partition.waiters.get() == 1);
        append(1, 1, 10);
        assertThat(probe.next().offset()).isZero();
        probe.cancel();
    }

    @Test
    void aBoundedSourceEndsWhereTheEndWas() {
        append(1, 4, 10);
        DemandProbe<StreamRecord> probe = probe(from(1).untilEnd());
        probe.request(1).next();
        append(3, 4, 10);
        assertThat(offsets(probe.request(100).next(2))).containsExactly(2L, 3L);
        probe.completed();
    }

    @Test
    void anEmptyRangeCompletes() {
        DemandProbe<StreamRecord> probe = probe(from(0).untilEnd());
        probe.request(1).completed();
        append(1, 3, 10);
        assertThat(all(from(3).untilEnd())).isEmpty();
    }

    @Test
    void controlRecordsAreLeftOut() {
        append(1, 1, 10);
        ByteBuffer marker = MemoryRecords.withEndTransactionMarker(partition.endOffset(), 5, 0, 1L, (short) 0,
                new EndTransactionMarker(ControlRecordType.COMMIT, 0)).buffer();
        partition.append(marker);
        append(1, 1, 10);
        assertThat(offsets(all(from(0).withChunkBytes(1).untilEnd()))).containsExactly(0L, 2L);
    }

    @Test
    void anOffsetThatTheLogDoesNotHaveFailsTheStream() {
        append(5, 1, 10);
        partition.deleteRecordsBefore(3);
        for (Source<StreamRecord, NotUsed> source : List.of(from(0).live(), from(6).live(), from(2).untilEnd(),
                from(6).untilEnd())) {
            assertThat(probe(source).request(1).failure()).isInstanceOf(OffsetOutOfRangeException.class);
        }
        assertThatThrownBy(() -> from(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> from(0).withChunkBytes(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPartitionThatCannotBeStartedFailsTheStreamWithTheCause() {
        partition.refusal = new NotLeaderOrFollowerException("led elsewhere");
        assertThat(probe(from(0).live()).request(1).failure()).isSameAs(partition.refusal);
    }

    @Test
    void aPartitionThatIsDeletedFailsThoseWhoWait() {
        append(1, 1, 10);
        DemandProbe<StreamRecord> probe = probe(from(0).live());
        probe.request(2).next();
        await().until(() -> partition.waiters.get() == 1);
        partition.refusal = new UnknownTopicIdException("deleted");
        partition.delete();
        assertThat(probe.failure()).isSameAs(partition.refusal);
    }

    @Test
    void whoeverStopsLetsGoOfTheLog() {
        append(1, 1, 10);
        DemandProbe<StreamRecord> probe = probe(from(0).live());
        probe.request(2).next();
        await().until(() -> partition.waiters.get() == 1 && partition.leases.get() == 1);
        probe.cancel();
        await().until(() -> partition.waiters.get() == 0 && partition.leases.get() == 0);

        all(from(0).untilEnd());
        await().until(() -> partition.leases.get() == 0);
    }

    @Test
    void oneSourceCanRunManyTimes() {
        append(3, 3, 10);
        Source<StreamRecord, NotUsed> source = from(0).untilEnd();
        assertThat(offsets(all(source))).isEqualTo(offsets(all(source))).hasSize(9);
    }
}
