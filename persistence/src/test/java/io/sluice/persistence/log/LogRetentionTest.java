package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes, when it goes, and what survives it. */
class LogRetentionTest {
    private static final long SEGMENT = 1000;

    @TempDir
    Path dir;
    private final TestClock clock = new TestClock();
    private TestLog t;

    @BeforeEach
    void open() {
        t = new TestLog(TestLog.settings(dir).withClock(clock).withDefaults(config(-1, -1)));
        t.claim();
    }

    @AfterEach
    void close() {
        t.close();
    }

    private static LogConfig config(long bytes, long ms) {
        return new LogConfig(SEGMENT, Long.MAX_VALUE, bytes, ms, FlushMode.OS);
    }

    private long files(String ending) {
        String[] names = dir.resolve("logs").resolve(LogNames.directoryName(TestLog.ID)).toFile().list();
        return names == null ? 0 : Stream.of(names).filter(n -> n.endsWith(ending)).count();
    }

    /** Twelve batches of two records, three to a segment, each a second younger than the one before. */
    private void fill() throws IOException {
        for (int i = 0; i < 12; i++) {
            t.append(2, 100, i * 1000L);
        }
        assertThat(files("0.log") + files("1.log") + files("4.log") + files("7.log")).isEqualTo(4);
    }

    @Test
    void retentionBySizeKeepsAtLeastWhatItSays() throws IOException {
        fill();
        long size = t.log.view().sizeInBytes();
        t.log.configure(config(size / 2, -1));
        assertThat(TestLog.get(t.log.applyRetention())).isEqualTo(2);
        assertThat(t.log.view().sizeInBytes()).isEqualTo(size / 2);
        assertThat(t.log.view().logStartOffset()).isEqualTo(12);
        assertThat(t.log.view().deletedToSequenceNr()).isEqualTo(6);
        assertThat(t.readAll(12, 4096)).isEqualTo(t.expected(6));
        t.reopen();
        assertThat(t.log.view().logStartOffset()).isEqualTo(12);
        assertThatThrownBy(() -> t.log.view().tryRead(11, 100, true)).isInstanceOf(OffsetOutOfRangeException.class);
        assertThatThrownBy(() -> t.log.view().tryRead(25, 100, true)).isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void retentionByTimeDeletesWhatIsOldEvenTheLastSegment() throws IOException {
        fill();
        clock.ms = 10_000;
        t.log.configure(config(-1, 5_500));
        assertThat(TestLog.get(t.log.applyRetention())).as("only segments that end before 4.5 s").isEqualTo(1);
        clock.ms = 1_000_000;
        assertThat(TestLog.get(t.log.applyRetention())).isEqualTo(3);
        assertThat(t.log.view().sizeInBytes()).isZero();
        assertThat(files(".log")).isZero();
        for (boolean reopened : List.of(false, true)) {
            if (reopened) {
                t.reopen();
            }
            LogView v = t.log.view();
            assertThat(List.of(v.logStartOffset(), v.logEndOffset(), v.highestSequenceNr(), v.deletedToSequenceNr()))
                    .containsExactly(24L, 24L, 12L, 12L);
            assertThat(TestLog.get(v.firstAtOrAfter(0))).isEmpty();
        }
        assertThat(t.claim()).isEqualTo(1);
        t.append(1, 10, 5);
        assertThat(t.log.view().logEndOffset()).isEqualTo(25);
        assertThat(t.log.view().highestSequenceNr()).isEqualTo(13);
        assertThat(t.readAll(24, 100)).isEqualTo(t.expected(12));
    }

    @Test
    void anOldSegmentIsRolled() throws IOException {
        long now = System.currentTimeMillis();
        clock.ms = now;
        t.log.configure(new LogConfig(SEGMENT, 60_000, -1, -1, FlushMode.OS));
        t.append(1, 10, 1);
        t.append(1, 10, 1);
        assertThat(files(".log")).isEqualTo(1);
        clock.ms = now + 60_001;
        t.append(1, 10, 1);
        assertThat(files(".log")).isEqualTo(2);
        assertThat(t.readAll(0, 4096)).isEqualTo(t.expected(0));
    }

    @Test
    void deleteRecordsMovesTheLogStart() throws IOException {
        fill();
        assertThat(TestLog.get(t.log.deleteRecordsBefore(7))).isEqualTo(7);
        assertThat(TestLog.get(t.log.deleteRecordsBefore(3))).isEqualTo(7);
        assertThat(t.log.view().logStartOffset()).isEqualTo(7);
        assertThatThrownBy(() -> t.log.view().tryRead(6, 100, true)).isInstanceOf(OffsetOutOfRangeException.class);
        assertThatThrownBy(() -> TestLog.get(t.log.deleteRecordsBefore(25)))
                .isInstanceOf(OffsetOutOfRangeException.class);
        assertThat(TestLog.get(t.log.view().firstAtOrAfter(0)).orElseThrow().offset()).isEqualTo(7);
        t.reopen();
        assertThat(t.log.view().logStartOffset()).isEqualTo(7);
        assertThat(t.readAll(7, 4096)).isEqualTo(t.expected(3));
        TestLog.get(t.log.deleteRecordsBefore(24));
        assertThat(t.log.view().logStartOffset()).isEqualTo(24);
        assertThat(files(".log")).as("only the last segment is left").isEqualTo(1);
    }

    @Test
    void aSliceOutlivesItsSegment() throws IOException {
        fill();
        LogView old = t.log.view();
        try (LogSlice slice = TestLog.read(old, 0, 4096)) {
            TestLog.get(t.log.deleteRecordsBefore(24));
            assertThat(TestLog.bytes(slice).remaining()).isEqualTo(slice.length());
            assertThat(BatchHeader.read(TestLog.bytes(slice), 0).baseOffset()).isZero();
            try (LogSlice fromOldView = TestLog.read(old, 0, 4096)) {
                assertThat(fromOldView.length()).as("still held open by the first slice").isPositive();
            }
        }
        assertThatThrownBy(() -> TestLog.read(old, 0, 4096)).isInstanceOf(OffsetOutOfRangeException.class)
                .hasMessageContaining("deleted meanwhile, the log has 24 to 24");
        LogView now = t.log.view();
        try (LogSlice slice = TestLog.read(now, 24, 100)) {
            assertThat(slice.length()).isZero();
        }
    }

    @Test
    void aSliceOutlivesTheLog() {
        t.append(1, 10, 1);
        try (LogSlice slice = TestLog.read(t.log.view(), 0, 4096)) {
            TestLog.get(t.store.delete(TestLog.ID));
            assertThat(TestLog.bytes(slice)).isEqualTo(ByteBuffer.wrap(t.expected(0)));
        }
    }

    @Test
    void aDeletedLogCanBeMadeAgain() throws IOException {
        t.append(1, 10, 1);
        Log old = t.log;
        assertThat(t.store.persistenceIds()).containsExactly(TestLog.ID);
        TestLog.get(t.store.delete(TestLog.ID));
        assertThat(t.store.persistenceIds()).isEmpty();
        assertThat(files(".log")).isZero();
        assertThat(t.store.sizeInBytes(TestLog.ID)).isZero();
        assertThat(t.store.ifOpen(TestLog.ID)).isEmpty();
        assertThatThrownBy(() -> TestLog.get(old.claim())).hasMessageContaining("deleted");
        t.log = TestLog.get(t.store.open(TestLog.ID));
        assertThat(t.claim()).isZero();
        t.append(1, 10, 1);
        assertThat(t.log.view().logEndOffset()).isEqualTo(1);
    }

    @Test
    void deletedEventsStayDeletedAndTheHighestSequenceNumberStays() throws IOException {
        Log log = TestLog.get(t.store.open("events"));
        int epoch = TestLog.get(log.claim());
        for (int i = 0; i < 30; i++) {
            TestLog.get(log.append(epoch, List.of(Batches.events(1 + 2 * i, epoch, 2, 100))));
        }
        long before = log.view().sizeInBytes();
        TestLog.get(log.deleteEventsTo(31));
        assertThat(log.view().deletedToSequenceNr()).isEqualTo(31);
        assertThat(log.view().sizeInBytes()).isLessThan(before);
        assertThat(firstSeen(log)).as("the batch that holds 32").isEqualTo(31);
        TestLog.get(log.deleteEventsTo(Long.MAX_VALUE));
        assertThat(log.view().deletedToSequenceNr()).isEqualTo(60);
        t.reopen();
        log = TestLog.get(t.store.open("events"));
        assertThat(log.view().deletedToSequenceNr()).isEqualTo(60);
        assertThat(log.view().highestSequenceNr()).isEqualTo(60);
        assertThat(firstSeen(log)).isEqualTo(-1);
        assertThat(log.kind()).isEqualTo(EntryBatch.Kind.EVENTS);
    }

    private static long firstSeen(Log log) {
        List<Long> seen = new ArrayList<>();
        TestLog.get(log.view().scan(1, Long.MAX_VALUE, (first, head, bytes) -> {
            seen.add(first);
            return false;
        }));
        return seen.isEmpty() ? -1 : seen.getFirst();
    }

    /** A clock that stands still until it is set. */
    private static final class TestClock extends Clock {
        private volatile long ms;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(ms);
        }
    }
}
