package io.sluice.clusterconfig.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.clusterconfig.cli.StartAt.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadingTest {
    private static final TopicPartition P = new TopicPartition("t", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The partition holds offsets 10 to 12. */
    @BeforeEach
    void fill() {
        consumer.updateBeginningOffsets(Map.of(P, 10L));
        consumer.updateEndOffsets(Map.of(P, 13L));
    }

    @ParameterizedTest
    @CsvSource({"BEGINNING, 0, 10", "LATEST, 0, 13", "OFFSET, 11, 11", "OFFSET, 1, 10", "OFFSET, 99, 13"})
    void shouldBeginWithinWhatThePartitionHolds(Kind kind, long value, long position) {
        reading(out, Long.MAX_VALUE, false).assign(List.of(P), new StartAt(kind, value));

        assertThat(consumer.position(P)).isEqualTo(position);
    }

    @Test
    void shouldStopWhereTheTopicEnded() throws IOException {
        Reading reading = reading(out, Long.MAX_VALUE, false);
        reading.assign(List.of(P), new StartAt(Kind.BEGINNING, 0));
        addRecords();

        reading.run();

        assertThat(out.toString(UTF_8)).isEqualTo("10\n11\n12\n");
        assertThat(reading.count()).isEqualTo(3);
        assertThat(consumer.committed(Set.of(P))).as("it is in no group").isEmpty();
    }

    @Test
    void shouldCommitWhatItWroteAndNoMore() throws IOException {
        Reading reading = reading(out, 2, true);
        reading.subscribe("t");
        consumer.rebalance(List.of(P));
        addRecords();

        reading.run();

        assertThat(out.toString(UTF_8)).isEqualTo("10\n11\n");
        assertThat(consumer.committed(Set.of(P)).get(P).offset()).isEqualTo(12);
    }

    @Test
    void shouldEndWhenItIsAskedTo() throws IOException {
        Reading reading = reading(out, Long.MAX_VALUE, true);
        reading.assign(List.of(P), new StartAt(Kind.LATEST, 0));
        reading.stop();

        reading.run();

        assertThat(reading.count()).isZero();
    }

    @Test
    void shouldNotWaitForeverForWhatDoesNotCome() {
        Reading reading = reading(out, Long.MAX_VALUE, false);
        reading.assign(List.of(P), new StartAt(Kind.BEGINNING, 0));

        assertThatThrownBy(reading::run).isInstanceOf(TimeoutException.class).hasMessageContaining("t-0");
    }

    @Test
    void shouldNotCommitWhatCouldNotBeWritten() {
        Reading reading = reading(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        }, 2, true);
        reading.subscribe("t");
        consumer.rebalance(List.of(P));
        addRecords();

        assertThatThrownBy(reading::run).isInstanceOf(IOException.class);
        assertThat(consumer.committed(Set.of(P))).isEmpty();
    }

    private Reading reading(OutputStream to, long max, boolean follow) {
        return new Reading(consumer, RecordFormat.LINE, to, max, follow, Duration.ofMillis(1));
    }

    private void addRecords() {
        for (int offset = 10; offset < 13; offset++) {
            consumer.addRecord(new ConsumerRecord<>("t", 0, offset, null, Integer.toString(offset).getBytes(UTF_8)));
        }
    }
}
