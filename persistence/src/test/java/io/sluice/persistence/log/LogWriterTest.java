package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.persistence.log.EntryBatch.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may append what, and what an append promises. */
class LogWriterTest {
    @TempDir
    Path dir;
    private TestLog t;

    @BeforeEach
    void open() {
        t = new TestLog(
                TestLog.settings(dir).withThreads(1, 1).withDefaults(TestLog.config(1 << 20, FlushMode.COMMIT)));
    }

    @AfterEach
    void close() {
        t.close();
    }

    private static void assertFenced(CompletionStage<Void> append, String saying) {
        assertThatThrownBy(() -> TestLog.get(append)).isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(FencedException.class).hasMessageContaining(saying);
    }

    private CompletionStage<Void> append(int epoch, EntryBatch... batches) {
        return t.log.append(epoch, List.of(batches));
    }

    @Test
    void anUnwrittenLogHasNoFiles() throws IOException {
        assertThat(t.claim()).isZero();
        assertThat(t.log.kind()).isNull();
        assertThat(t.store.persistenceIds()).isEmpty();
        try (Stream<Path> logs = Files.list(dir.resolve("logs"))) {
            assertThat(logs).isEmpty();
        }
        try (LogSlice slice = t.log.view().tryRead(0, 100, true)) {
            assertThat(slice.length()).isZero();
        }
    }

    @Test
    void eachClaimIsHigherAlsoAfterAReopen() {
        assertThat(t.log.leaderEpoch()).isEqualTo(-1);
        assertThat(t.claim()).isZero();
        t.append(1, 10, 1);
        assertThat(t.claim()).isEqualTo(1);
        t.reopen();
        assertThat(t.log.leaderEpoch()).isEqualTo(-1);
        assertThat(t.claim()).as("epoch 1 was claimed, though nothing was appended in it").isEqualTo(2);
        t.append(1, 10, 1);
        assertThat(t.log.view().latestEpoch()).isEqualTo(2);
        assertThat(t.log.view().endOf(0)).contains(new LogView.EpochEnd(0, 1));
        assertThat(t.log.view().endOf(1)).contains(new LogView.EpochEnd(0, 1));
        assertThat(t.log.view().endOf(2)).contains(new LogView.EpochEnd(2, 2));
        assertThat(t.log.view().endOf(-1)).isEmpty();
    }

    @Test
    void onlyTheLastClaimantAppends() {
        assertFenced(append(0, Batches.records(0, 1, 0, 1, 10, 1)), "last claimed one is -1");
        t.claim();
        t.append(1, 10, 1);
        t.claim();
        assertFenced(append(0, Batches.records(1, 2, 0, 1, 10, 1)), "leader epoch 0");
        assertFenced(append(2, Batches.records(1, 2, 2, 1, 10, 1)), "leader epoch 2");
        assertFenced(append(1, Batches.records(1, 2, 0, 1, 10, 1)), "a batch has leader epoch 0");
        assertThat(t.log.view().logEndOffset()).isEqualTo(1);
        t.append(1, 10, 1);
        assertThat(t.log.view().logEndOffset()).isEqualTo(2);
    }

    @Test
    void offsetsAndSequenceNumbersMustFollow() {
        t.claim();
        t.append(2, 10, 1);
        assertFenced(append(0, Batches.records(1, 2, 0, 1, 10, 1)), "do not follow log end 2");
        assertFenced(append(0, Batches.records(3, 2, 0, 1, 10, 1)), "do not follow log end 2");
        assertFenced(append(0, Batches.records(2, 1, 0, 1, 10, 1)), "sequence number 1 does not follow 1");
        assertFenced(append(0, Batches.records(2, 2, 0, 1, 10, 1), Batches.records(2, 3, 0, 1, 10, 1)),
                "do not follow log end 3");
        assertFenced(append(0, Batches.events(3, 0, 1, 10)), "takes no EVENTS");
        assertThat(t.log.view().logEndOffset()).as("all or none").isEqualTo(2);
        assertThatThrownBy(() -> TestLog.get(append(0, new EntryBatch(ByteBuffer.allocate(70), 2, 2, Kind.RECORDS))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eventsMayLeaveGaps() {
        t.claim();
        TestLog.get(append(0, Batches.events(1, 0, 3, 10), Batches.events(6, 0, 2, 10)));
        assertThat(t.log.view().highestSequenceNr()).isEqualTo(7);
        assertThat(t.log.view().logEndOffset()).isEqualTo(7);
        for (boolean reopened : List.of(false, true)) {
            if (reopened) {
                t.reopen();
            }
            List<Long> seen = new ArrayList<>();
            TestLog.get(t.log.view().scan(2, 100, (first, head, bytes) -> {
                seen.add(first);
                assertThat(bytes.get().remaining()).isEqualTo(head.sizeInBytes());
                return true;
            }));
            assertThat(seen).containsExactly(1L, 6L);
            try (LogSlice inTheGap = TestLog.read(t.log.view(), 4, 1)) {
                assertThat(BatchHeader.read(TestLog.bytes(inTheGap), 0).baseOffset()).isEqualTo(5);
            }
        }
    }

    @Test
    void aGapInTheSequenceNumbersOfRecordsSurvives() {
        t.claim();
        TestLog.get(append(0, Batches.records(0, 1, 0, 1, 10, 1), Batches.records(1, 5, 0, 1, 10, 1)));
        t.reopen();
        List<Long> seen = new ArrayList<>();
        TestLog.get(t.log.view().scan(1, 9, (first, head, bytes) -> seen.add(first)));
        assertThat(seen).containsExactly(1L, 5L);
        assertThat(t.log.view().highestSequenceNr()).isEqualTo(5);
    }

    @Test
    void aScanBeginsAndEndsWhereAsked() {
        t.claim();
        for (int i = 0; i < 50; i++) {
            t.append(2, 100, i);
        }
        List<Long> seen = new ArrayList<>();
        TestLog.get(t.log.view().scan(20, 23, (first, head, bytes) -> {
            assertThat(head.baseOffset()).isEqualTo(2 * (first - 1));
            return seen.add(first);
        }));
        assertThat(seen).containsExactly(20L, 21L, 22L, 23L);
        seen.clear();
        TestLog.get(t.log.view().scan(1, Long.MAX_VALUE, (first, head, bytes) -> {
            seen.add(first);
            return first < 3;
        }));
        assertThat(seen).containsExactly(1L, 2L, 3L);
    }

    @ParameterizedTest
    @EnumSource(FlushMode.class)
    void appendsThatWaitAreStoredTogether(FlushMode mode) throws InterruptedException {
        t.log.configure(TestLog.config(1 << 20, mode));
        t.claim();
        t.append(1, 10, 1);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> blocked = ((FileLog) t.log).submit(LogTasks.task(w -> {
            busy.countDown();
            await(go);
            return null;
        }));
        assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
        AtomicInteger changes = new AtomicInteger();
        countChanges(changes);
        List<CompletionStage<Void>> appends = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            appends.add(append(0, Batches.records(1 + i, 2 + i, 0, 1, 10, 1)));
        }
        assertThat(appends).noneMatch(a -> a.toCompletableFuture().isDone());
        go.countDown();
        TestLog.get(blocked);
        appends.forEach(TestLog::get);
        assertThat(t.log.view().logEndOffset()).isEqualTo(101);
        TestLog.get(t.log.claim()); // behind the call of the waiters
        assertThat(changes).as("one write, sync and view for all").hasValue(1);
    }

    private void countChanges(AtomicInteger changes) {
        t.log.onNextChange(() -> {
            if (changes.incrementAndGet() < 200) {
                countChanges(changes);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWaiterIsCalledOnceAndCanBeTakenBack() {
        t.claim();
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger never = new AtomicInteger();
        t.log.onNextChange(calls::incrementAndGet);
        t.log.onNextChange(never::incrementAndGet).cancel();
        t.append(1, 10, 1);
        t.append(1, 10, 1);
        TestLog.get(t.log.claim());
        assertThat(calls).hasValue(1);
        assertThat(never).hasValue(0);
        AtomicBoolean atEnd = new AtomicBoolean();
        t.log.onNextChange(() -> atEnd.set(true));
        t.store.close();
        assertThat(atEnd).isTrue();
        AtomicBoolean late = new AtomicBoolean();
        t.log.onNextChange(() -> late.set(true));
        assertThat(late).isTrue();
    }

    @Test
    void afterADiskFailureTheLogMustBeOpenedAgain() throws IOException {
        t.claim();
        t.append(1, 10, 1);
        Path logDir = dir.resolve("logs").resolve(LogNames.directoryName(TestLog.ID));
        Files.createDirectory(logDir.resolve(new SegmentName(1, 2).logFile())); // where the next segment would be made
        t.log.configure(TestLog.config(14, FlushMode.COMMIT));
        Log failed = t.log;
        assertThatThrownBy(() -> t.append(1, 10, 1)).hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("refuses appends until it is opened again");
        assertThatThrownBy(() -> t.claim()).hasCauseInstanceOf(IOException.class);
        Files.delete(logDir.resolve(new SegmentName(1, 2).logFile()));
        t.log = TestLog.get(t.store.open(TestLog.ID));
        assertThat(t.log).isNotSameAs(failed);
        assertThat(t.log.view().logEndOffset()).isEqualTo(1);
        assertThat(t.claim()).isEqualTo(1);
        t.append(1, 10, 1);
        assertThat(t.log.view().logEndOffset()).isEqualTo(2);
    }
}
