package io.sluice.streams.javadsl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.Log;
import io.sluice.streams.OnePartition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from logs of this node, and what is left to the client. */
class LocalFeedTest {

    private static final int READ_AHEAD = 500;

    @TempDir
    Path directory;

    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final AtomicInteger signals = new AtomicInteger();
    private final OwnedPartition first = owned(0);
    private final OwnedPartition second = owned(1);
    private OnePartition partition;
    private Log led;
    private long nanos;
    private LocalFeed<String, String> feed;

    @BeforeEach
    void open() {
        partition = new OnePartition(directory);
        led = partition.log();
        feed = feed(new RecordDeserializer<>(new StringDeserializer(), new StringDeserializer()));
        positions.put(first.partition(), 0L);
        positions.put(second.partition(), 0L);
    }

    @AfterEach
    void close() {
        partition.close();
    }

    private LocalFeed<String, String> feed(RecordDeserializer<String, String> deserializer) {
        return new LocalFeed<>(name -> led, new Positions() {
            @Override
            public OptionalLong next(TopicPartition of) {
                Long offset = positions.get(of);
                return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
            }

            @Override
            public void move(TopicPartition of, long offset) {
                positions.put(of, offset);
            }
        }, deserializer, READ_AHEAD, signals::incrementAndGet, () -> nanos);
    }

    private static OwnedPartition owned(int number) {
        return new OwnedPartition(FakeConsumer.partition(number),
                offsets -> CompletableFuture.completedStage(true));
    }

    private void append(Compression compression, int records) {
        SimpleRecord[] batch = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            batch[i] = new SimpleRecord(1, null, ("v" + (partition.endOffset() + i)).getBytes(UTF_8));
        }
        partition.append(compression, batch);
    }

    private List<String> poll(OwnedPartition of) {
        FedRecords<String, String> records = feed.poll(Duration.ZERO).get(of);
        List<String> values = new ArrayList<>();
        ConsumerRecord<String, String> record;
        while (records != null && (record = records.next()) != null) {
            assertThat(record.value()).isEqualTo("v" + record.offset());
            values.add(record.value());
        }
        return values;
    }

    @Test
    void readsFromThePositionAndMovesItAlong() {
        append(Compression.NONE, 3);
        append(Compression.gzip().build(), 3);
        positions.put(first.partition(), 2L);
        assertThat(feed.want(List.of(first))).isEmpty();
        assertThat(poll(first)).containsExactly("v2", "v3", "v4", "v5");
        assertThat(positions.get(first.partition())).isEqualTo(6);
    }

    @Test
    void noPollReadsMoreThanTheReadAheadAndEveryPartitionHasItsTurn() {
        for (int i = 0; i < 20; i++) {
            append(Compression.NONE, 3);
        }
        feed.want(List.of(first, second));
        assertThat(poll(first)).hasSizeBetween(3, 25);
        assertThat(feed.isFull()).isFalse();
        assertThat(positions.get(second.partition())).as("no room for a whole batch of it").isZero();
        feed.want(List.of()); // until the stream has taken those
        feed.want(List.of(first, second));
        assertThat(poll(second)).as("its turn").isNotEmpty();
    }

    @Test
    void aBatchLargerThanTheReadAheadComesWhole() {
        append(Compression.NONE, 100);
        feed.want(List.of(first));
        assertThat(poll(first)).hasSize(100);
    }

    @Test
    void atTheEndItSignalsWhenThereIsMore() {
        append(Compression.NONE, 1);
        feed.want(List.of(first));
        assertThat(poll(first)).hasSize(1);
        feed.want(List.of(first));
        assertThat(poll(first)).isEmpty();
        assertThat(partition.waiters.get()).isEqualTo(1);
        assertThat(signals.get()).isZero();
        append(Compression.NONE, 1);
        await().until(() -> signals.get() == 1);
        assertThat(poll(first)).containsExactly("v1");
        feed.want(List.of(first));
        assertThat(poll(first)).isEmpty();
        feed.forget(first);
        assertThat(partition.waiters.get()).isZero();
    }

    @Test
    void whatIsNotLedHereIsLeftToTheClient() {
        append(Compression.NONE, 1);
        led = null;
        assertThat(feed.want(List.of(first, second))).containsExactly(first, second);
        assertThat(feed.poll(Duration.ZERO)).isEmpty();
    }

    @Test
    void untilTheConsumerKnowsWhereToBeginNothingIsRead() {
        append(Compression.NONE, 1);
        positions.remove(first.partition());
        assertThat(feed.want(List.of(first))).isEmpty();
        assertThat(feed.poll(Duration.ZERO)).isEmpty();
        assertThat(feed.isUnsettled()).isTrue();
        positions.put(first.partition(), 0L);
        assertThat(poll(first)).containsExactly("v0");
        assertThat(feed.isUnsettled()).isFalse();
    }

    @Test
    void anOffsetThatTheLogDoesNotHaveIsLeftToTheClientUntilItHasGotOn() {
        append(Compression.NONE, 3);
        append(Compression.NONE, 3);
        partition.deleteRecordsBefore(3);
        feed.want(List.of(first));
        assertThat(feed.poll(Duration.ZERO)).isEmpty();
        assertThat(feed.isUnsettled()).isTrue();
        assertThat(feed.want(List.of(first))).containsExactly(first);
        positions.put(first.partition(), 3L); // as auto.offset.reset has it
        assertThat(feed.want(List.of(first))).isEmpty();
        assertThat(poll(first)).containsExactly("v3", "v4", "v5");
    }

    @Test
    void controlBatchesAreLeftOut() {
        append(Compression.NONE, 1);
        partition.append(MemoryRecords.withEndTransactionMarker(1, 1, 0, 7, (short) 0,
                new EndTransactionMarker(ControlRecordType.COMMIT, 0)).buffer());
        append(Compression.NONE, 1);
        feed.want(List.of(first));
        assertThat(poll(first)).containsExactly("v0", "v2");
    }

    @Test
    void recordsAreAsTheClientGivesThem() {
        partition.append(Compression.NONE, new SimpleRecord(42, (byte[]) null, null));
        partition.append(Compression.NONE, new SimpleRecord(43, "k".getBytes(UTF_8), "value".getBytes(UTF_8)));
        feed.want(List.of(first));
        FedRecords<String, String> records = feed.poll(Duration.ZERO).get(first);
        ConsumerRecord<String, String> empty = records.next();
        assertThat(empty.key()).isNull();
        assertThat(empty.value()).isNull();
        assertThat(empty.serializedValueSize()).isEqualTo(ConsumerRecord.NULL_SIZE);
        ConsumerRecord<String, String> record = records.next();
        assertThat(record.topic()).isEqualTo("t");
        assertThat(record.offset()).isEqualTo(1);
        assertThat(record.timestamp()).isEqualTo(43);
        assertThat(record.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(record.key()).isEqualTo("k");
        assertThat(record.serializedKeySize()).isEqualTo(1);
        assertThat(record.serializedValueSize()).isEqualTo(5);
        assertThat(record.leaderEpoch()).isPresent();
        assertThat(record.headers()).isEmpty();
        assertThat(records.next()).isNull();
    }

    @Test
    void whatWasEmittedStaysAsItWasWhenItsMemoryIsUsedAgain() {
        for (int i = 0; i < 3; i++) {
            partition.append(Compression.NONE, new SimpleRecord(1, ("k" + i).getBytes(UTF_8),
                    ("v" + i).getBytes(UTF_8), new Header[]{new RecordHeader("h" + i, ("w" + i).getBytes(UTF_8))}));
        }
        List<ConsumerRecord<String, String>> kept = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            positions.put(first.partition(), (long) i);
            feed.want(List.of(first));
            FedRecords<String, String> records = feed.poll(Duration.ZERO).get(first);
            kept.add(records.next());
            records.close();
            records.close(); // twice does no harm
            assertThat(records.next()).isNull();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(kept.get(i).key()).isEqualTo("k" + i);
            assertThat(kept.get(i).value()).isEqualTo("v" + i);
            assertThat(kept.get(i).headers().lastHeader("h" + i).value()).isEqualTo(("w" + i).getBytes(UTF_8));
        }
    }

    @Test
    void whatCannotBeDeserialisedFailsAsItDoesInTheClient() {
        append(Compression.NONE, 1);
        var failure = new SerializationException("no");
        feed = feed(new RecordDeserializer<>(new StringDeserializer(), (topic, bytes) -> {
            throw failure;
        }));
        feed.want(List.of(first));
        FedRecords<String, String> records = feed.poll(Duration.ZERO).get(first);
        assertThatThrownBy(records::next).isInstanceOfSatisfying(RecordDeserializationException.class, e -> {
            assertThat(e.offset()).isZero();
            assertThat(e.topicPartition()).isEqualTo(first.partition());
        }).hasCause(failure);
    }
}
