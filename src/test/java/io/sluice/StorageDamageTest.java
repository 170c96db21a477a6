package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage to the files of a node that is stopped: what is whole is served, what is not is named and never served. */
class StorageDamageTest {

    private static final String TOPIC = "damaged";
    private static final int RECORDS = 3000;
    private static final int VALUE_BYTES = 1000;

    @TempDir
    Path home;

    private NodeProcess node;

    /** Two partitions of three segments each, in batches of about ten records. */
    @BeforeEach
    void fill() throws Exception {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "the files are Sluice's own");
        node = NodeProcess.create("StorageDamageTest", home, Map.of("sluice.partition.snapshot-on-stop", "1")).start();
        try (Admin admin = JavaClients.admin(node.bootstrap())) {
            JavaClients.createTopic(admin, TOPIC, 2, "segment.bytes", "1048576");
        }
        produce(0, RECORDS);
    }

    @AfterEach
    void closeNode() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void shouldNameAFlippedBitAndNotServeIt() throws Exception {
        node.stop();
        assertServesWhatIsAroundAFlippedBit();
    }

    /** What is not covered by a saved state is replayed, and the replay meets the damage too. */
    @Test
    void shouldServeWhatIsAroundAFlippedBitThatTheReplayMeets() throws Exception {
        node.kill();
        assertServesWhatIsAroundAFlippedBit();
    }

    private void assertServesWhatIsAroundAFlippedBit() throws Exception {
        Path segment = segments(0).get(1);
        long position = flipBit(segment, Files.size(segment) / 2);
        node.log().expect(segment.getFileName().toString());
        node.start();

        assertThat(read(1)).isEqualTo(values(RECORDS));
        long damaged = firstOffsetNotServed();
        assertThat(damaged).isBetween(RECORDS / 3L, RECORDS * 2L / 3);
        assertThat(fetch(0, damaged).error()).isNotEqualTo(Errors.NONE);
        assertThat(node.log().lines()).as("a line that names file, position and offset")
                .anyMatch(line -> line.contains(segment.getFileName().toString())
                        && line.contains(Long.toString(position))
                        && line.contains(Long.toString(damaged)));
        assertThat(node.log().lines().stream().filter(line -> line.contains(segment.getFileName().toString())))
                .as("lines about it")
                .hasSizeLessThan(20);

        assertThat(fetch(0, RECORDS - 1).values()).contains(value(RECORDS - 1));
        produce(RECORDS, RECORDS + 10);
        assertThat(fetch(0, RECORDS + 9).values()).contains(value(RECORDS + 9));
        assertThat(read(1)).isEqualTo(values(RECORDS + 10));
        node.log().assertNoUnexpectedError();
    }

    @Test
    void shouldReadTheSameWithoutItsIndexes() throws Exception {
        node.stop();
        List<Path> indexes = files(0, ".index");
        indexes.addAll(files(1, ".index"));
        assertThat(indexes).hasSizeGreaterThanOrEqualTo(4);
        for (Path index : indexes) {
            Files.delete(index);
        }
        node.start();
        assertReadsAll(RECORDS);
        assertFindsTimestamps();
        node.log().assertNoUnexpectedError();
    }

    @Test
    void shouldReadTheSameWithBrokenIndexes() throws Exception {
        node.stop();
        for (Path index : files(0, ".index")) {
            byte[] bytes = Files.readAllBytes(index);
            bytes[bytes.length / 2] ^= 0x55;
            Files.write(index, bytes);
        }
        for (Path index : files(1, ".index")) {
            Files.write(index, new byte[]{1, 2, 3});
        }
        node.start();
        assertReadsAll(RECORDS);
        assertFindsTimestamps();
        node.log().assertNoUnexpectedError();
    }

    /** A write that the death of the machine cut short: the first bytes of a batch after the last whole one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 61, 5000})
    void shouldCutATornTail(int length) throws Exception {
        node.kill();
        byte[] torn = new byte[length];
        List<Path> segments = segments(0);
        try (FileChannel first = FileChannel.open(segments.get(0))) {
            first.read(ByteBuffer.wrap(torn));
        }
        Files.write(segments.get(segments.size() - 1), torn, StandardOpenOption.APPEND);
        node.start();
        assertReadsAll(RECORDS);
        produce(RECORDS, RECORDS + 10);
        assertReadsAll(RECORDS + 10);
        node.restart();
        assertReadsAll(RECORDS + 10);
        node.log().assertNoUnexpectedError();
    }

    /** After a clean stop nothing may be missing: what is gone is damage, not the end of the log. */
    @ParameterizedTest
    @ValueSource(ints = {1, 20_000})
    void shouldNotTakeAShortFileForTheEndOfTheLog(int length) throws Exception {
        node.stop();
        List<Path> segments = segments(0);
        Path last = segments.get(segments.size() - 1);
        try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - length);
        }
        node.log().expect(last.getFileName().toString());
        node.log().expect("records are lost");
        node.start();
        assertThat(read(1)).isEqualTo(values(RECORDS));
        long missing = firstOffsetNotServed();
        assertThat(missing).isBetween(RECORDS - 50L, RECORDS - 1L);
        assertThat(fetch(0, missing).error()).isNotEqualTo(Errors.NONE);
        assertThat(node.log().lines()).anyMatch(
                line -> line.contains(last.getFileName().toString()) && line.contains(Long.toString(missing)));
        produce(RECORDS, RECORDS + 1);
        assertThat(fetch(0, RECORDS).values()).containsExactly(value(RECORDS));
        node.log().assertNoUnexpectedError();
    }

    private void assertReadsAll(int count) {
        assertThat(read(0)).isEqualTo(values(count));
        assertThat(read(1)).isEqualTo(values(count));
    }

    /** Record number n has the timestamp n. */
    private void assertFindsTimestamps() {
        try (Admin admin = JavaClients.admin(node.bootstrap())) {
            for (int p = 0; p < 2; p++) {
                TopicPartition partition = new TopicPartition(TOPIC, p);
                for (int number : new int[]{0, 1, RECORDS / 2, RECORDS - 1}) {
                    long found = JavaClients
                            .get(admin.listOffsets(Map.of(partition, OffsetSpec.forTimestamp(timestamp(number))))
                                    .partitionResult(partition))
                            .offset();
                    assertThat(found).isEqualTo(number);
                }
            }
        }
    }

    /** From the start of partition 0, batch by batch. */
    private long firstOffsetNotServed() throws IOException {
        long offset = 0;
        while (offset < RECORDS) {
            Fetched fetched = fetch(0, offset);
            if (fetched.error() != Errors.NONE || fetched.values().isEmpty()) {
                return offset;
            }
            assertThat(fetched.values())
                    .isEqualTo(values((int) fetched.end()).subList((int) offset, (int) fetched.end()));
            offset = fetched.end();
        }
        throw new AssertionError("all of it is served");
    }

    private record Fetched(Errors error, List<String> values, long end) {}

    private Fetched fetch(int partition, long offset) throws IOException {
        FetchRequestData request = new FetchRequestData().setMaxWaitMs(100).setMinBytes(1).setMaxBytes(1 << 20)
                .setTopics(List.of(new FetchTopic().setTopic(TOPIC).setPartitions(List.of(
                        new FetchPartition().setPartition(partition).setFetchOffset(offset)
                                .setPartitionMaxBytes(100_000)))));
        try (RawConnection connection = new RawConnection(node)) {
            FetchResponseData.PartitionData data = connection
                    .exchange(ApiKeys.FETCH, 12, request, new FetchResponseData()).responses()
                    .get(0).partitions().get(0);
            List<String> values = new ArrayList<>();
            long end = offset;
            if (data.records() instanceof MemoryRecords records) {
                for (var batch : records.batches()) {
                    batch.ensureValid();
                    for (Record record : batch) {
                        if (record.offset() >= offset) {
                            values.add(text(record.value()));
                            end = record.offset() + 1;
                        }
                    }
                }
            }
            return new Fetched(Errors.forCode(data.errorCode()), values, end);
        }
    }

    private static String text(ByteBuffer value) {
        return UTF_8.decode(value).toString();
    }

    private List<String> read(int partition) {
        return JavaClients.read(node.bootstrap(), List.of(new TopicPartition(TOPIC, partition))).stream()
                .map(ConsumerRecord::value)
                .map(value -> new String(value, UTF_8)).toList();
    }

    /** Records {@code from} (inclusive) to {@code to} into both partitions. */
    private void produce(int from, int to) throws InterruptedException, ExecutionException {
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap(), "batch.size", "10500",
                "linger.ms", "5")) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int number = from; number < to; number++) {
                for (int partition = 0; partition < 2; partition++) {
                    sent.add(producer.send(new ProducerRecord<>(TOPIC, partition, timestamp(number), null,
                            value(number).getBytes(UTF_8))));
                }
            }
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
        }
    }

    private final long began = System.currentTimeMillis();

    private long timestamp(int number) {
        return began + number;
    }

    private static String value(int number) {
        String head = "record " + number + " ";
        return head + "x".repeat(VALUE_BYTES - head.length());
    }

    private static List<String> values(int count) {
        return Stream.iterate(0, number -> number + 1).limit(count).map(StorageDamageTest::value).toList();
    }

    /** Flips one bit of the records of the batch around {@code near}; returns where that batch begins. */
    private static long flipBit(Path segment, long near) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            long position = 0;
            long next = 0;
            while (next <= near) {
                position = next;
                file.seek(position + 8);
                next = position + 12 + file.readInt();
            }
            file.seek(position + 500);
            int flipped = file.read() ^ 4;
            file.seek(position + 500);
            file.write(flipped);
            return position;
        }
    }

    private List<Path> segments(int partition) throws IOException {
        List<Path> segments = files(partition, ".log");
        assertThat(segments).as("segments of partition %d", partition).hasSizeGreaterThanOrEqualTo(3);
        return segments;
    }

    private List<Path> files(int partition, String suffix) throws IOException {
        try (Stream<Path> logs = Files.list(node.data().resolve("logs"))) {
            Path log = logs.filter(path -> path.getFileName().toString().startsWith(TOPIC + "-" + partition + "@"))
                    .findFirst()
                    .orElseThrow();
            try (Stream<Path> files = Files.list(log)) {
                return new ArrayList<>(files.filter(path -> path.toString().endsWith(suffix)).sorted().toList());
            }
        }
    }
}
