package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.LogView.TimestampedOffset;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding records by time, in logs whose timestamps go up and down. */
class TimestampSearchTest {
    @TempDir
    Path dir;
    private TestLog t;

    @BeforeEach
    void open() {
        t = new TestLog(TestLog.settings(dir).withDefaults(TestLog.config(600, FlushMode.OS)));
        t.claim();
    }

    @AfterEach
    void close() {
        t.close();
    }

    private void append(TimestampType type, long... timestamps) {
        LogView v = t.log.view();
        SimpleRecord[] records = LongStream.of(timestamps).mapToObj(ms -> new SimpleRecord(ms, new byte[30]))
                .toArray(SimpleRecord[]::new);
        EntryBatch b = new EntryBatch(Batches.bytes(v.logEndOffset(), 0, type, records), v.highestSequenceNr() + 1,
                v.highestSequenceNr() + 1, EntryBatch.Kind.RECORDS);
        TestLog.get(t.log.append(t.log.leaderEpoch(), List.of(b)));
    }

    private void assertFirst(long timestamp, long foundTimestamp, long offset) {
        assertThat(TestLog.get(t.log.view().firstAtOrAfter(timestamp)))
                .contains(new TimestampedOffset(foundTimestamp, offset, 0));
    }

    @Test
    void findsTheFirstRecordInTimeAndTheOneWithTheLargest() {
        assertThat(TestLog.get(t.log.view().firstAtOrAfter(0))).isEmpty();
        assertThat(TestLog.get(t.log.view().withLargestTimestamp())).isEmpty();
        for (int i = 0; i < 30; i++) {
            append(TimestampType.CREATE_TIME, i * 100L, i * 100L + 50, Math.max(0, i * 100L - 500));
        }
        append(TimestampType.CREATE_TIME, 2000, 1);
        for (boolean reopened : List.of(false, true)) {
            if (reopened) {
                t.reopen();
            }
            assertFirst(-1, 0, 0);
            assertFirst(0, 0, 0);
            assertFirst(1, 50, 1);
            assertFirst(1234, 1250, 37);
            assertFirst(2950, 2950, 88);
            assertThat(TestLog.get(t.log.view().firstAtOrAfter(2951))).isEmpty();
            assertThat(TestLog.get(t.log.view().withLargestTimestamp())).contains(new TimestampedOffset(2950, 88, 0));
        }
        TestLog.get(t.log.deleteRecordsBefore(89));
        assertFirst(0, 2400, 89);
        assertThat(TestLog.get(t.log.view().withLargestTimestamp())).contains(new TimestampedOffset(2400, 89, 0));
    }

    @Test
    void aBatchWithLogAppendTimeHasOneTime() {
        append(TimestampType.LOG_APPEND_TIME, 10, 20, 20);
        append(TimestampType.LOG_APPEND_TIME, 30, 30);
        BatchHeader head;
        try (LogSlice slice = TestLog.read(t.log.view(), 0, 1)) {
            head = BatchHeader.read(TestLog.bytes(slice), 0);
        }
        assertThat(head.isLogAppendTime()).isTrue();
        assertFirst(0, head.maxTimestamp(), 0);
        assertThat(TestLog.get(t.log.view().withLargestTimestamp()).orElseThrow().timestamp())
                .isGreaterThanOrEqualTo(head.maxTimestamp());
    }

    @Test
    void recordsWithoutTimestampAreNotFound() {
        append(TimestampType.CREATE_TIME, -1, -1);
        assertThat(TestLog.get(t.log.view().firstAtOrAfter(0))).isEmpty();
        assertThat(TestLog.get(t.log.view().withLargestTimestamp())).isEmpty();
        append(TimestampType.CREATE_TIME, 7);
        assertFirst(0, 7, 2);
    }
}
