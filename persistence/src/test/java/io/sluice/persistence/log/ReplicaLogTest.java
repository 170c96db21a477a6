package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.persistence.log.EntryBatch.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log as one replica of several. */
class ReplicaLogTest {
    private static final UUID CLAIMANT = new UUID(1, 2);

    @TempDir
    Path dir;
    private FileLogStore store;
    private ReplicaLog log;

    @BeforeEach
    void open() {
        store = FileLogStore
                .open(TestLog.settings(dir).withThreads(1, 1).withDefaults(TestLog.config(1 << 20, FlushMode.COMMIT)));
        log = TestLog.get(store.openReplica(TestLog.ID));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void lead(int epoch) {
        TestLog.get(log.atomically(s -> {
            s.promise(epoch, CLAIMANT, 3);
            s.synced(epoch);
            return null;
        }));
    }

    private CompletableFuture<Void> append(int epoch, long offset) {
        return log.append(epoch, List.of(Batches.records(offset, offset + 1, epoch, 1, 50, offset)))
                .toCompletableFuture();
    }

    private Path file(String name) {
        return dir.resolve("logs").resolve(LogNames.directoryName(TestLog.ID)).resolve(name);
    }

    @Test
    void aPromiseBeforeTheFirstAppendIsKept() {
        TestLog.get(log.atomically(s -> {
            s.promise(7, CLAIMANT, 3);
            return null;
        }));
        close();
        open();
        assertThat(log.kind()).isNull();
        TestLog.get(log.atomically(s -> {
            assertThat(s.promisedEpoch()).isEqualTo(7);
            assertThat(s.promisedTo()).isEqualTo(CLAIMANT);
            assertThat(s.syncedEpoch()).isEqualTo(-1);
            assertThat(s.minConfig()).isEqualTo(3);
            assertThatThrownBy(() -> s.promise(7, new UUID(9, 9), 3)).isInstanceOf(IllegalArgumentException.class);
            s.promise(7, CLAIMANT, 3);
            return null;
        }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReplicaThatMayHaveForgottenAPromiseDoesNotOpen(boolean delete) throws IOException {
        lead(4);
        TestLog.get(append(4, 0));
        close();
        if (delete) {
            Files.delete(file("epochs"));
        } else {
            Files.writeString(file("epochs"), "promised=1\n");
        }
        store = FileLogStore.open(TestLog.settings(dir));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> TestLog.get(store.openReplica(TestLog.ID)))
                    .hasMessageContaining("cannot be trusted")
                    .hasMessageContaining("what it promised is lost");
            assertThatThrownBy(() -> TestLog.get(store.open(TestLog.ID))).hasMessageContaining("cannot be trusted");
        }
        TestLog.get(store.delete(TestLog.ID));
        assertThat(TestLog.get(store.openReplica(TestLog.ID)).view().logEndOffset()).isZero();
    }

    @Test
    void aReplicaThatLostRecordsDoesNotOpen() throws IOException {
        lead(4);
        TestLog.get(append(4, 0));
        TestLog.get(append(4, 1));
        close();
        Path segment = file(new SegmentName(0, 1).logFile());
        byte[] whole = Files.readAllBytes(segment);
        Files.write(segment, java.util.Arrays.copyOf(whole, whole.length / 2));
        store = FileLogStore.open(TestLog.settings(dir));
        assertThatThrownBy(() -> TestLog.get(store.openReplica(TestLog.ID))).hasMessageContaining("cannot be trusted");
    }

    @Test
    void aPromiseToSomebodyElseFencesTheLeader() {
        lead(1);
        TestLog.get(append(1, 0));
        TestLog.get(log.atomically(s -> {
            s.promise(2, new UUID(5, 5), 3);
            return null;
        }));
        assertThatThrownBy(() -> TestLog.get(append(1, 1))).hasCauseInstanceOf(FencedException.class);
        assertThatThrownBy(() -> TestLog.get(append(2, 1))).as("not synced").hasCauseInstanceOf(FencedException.class);
        assertThatThrownBy(() -> TestLog.get(log.claim())).hasCauseInstanceOf(FencedException.class);
        assertThat(log.leaderEpoch()).isEqualTo(-1);
    }

    @Test
    void aSealedOnlyCopyIsNotClaimedWithoutPromisesAnyMore() {
        String id = "alone";
        Log alone = TestLog.get(store.open(id));
        int epoch = TestLog.get(alone.claim());
        TestLog.get(alone.append(epoch, List.of(Batches.records(0, 1, epoch, 1, 50, 0))));
        TestLog.get(store.openReplica(id).thenCompose(replica -> replica.atomically(s -> {
            assertThat(s.syncedEpoch()).as("what it has is its own").isEqualTo(epoch);
            s.promise(epoch + 1, CLAIMANT, 0);
            s.raiseMinConfig(1);
            return null;
        })));

        assertThatThrownBy(() -> TestLog.get(alone.claim())).hasCauseInstanceOf(FencedException.class);
        assertThatThrownBy(() -> TestLog.get(alone.append(epoch, List.of(Batches.records(1, 2, epoch, 1, 50, 1)))))
                .hasCauseInstanceOf(FencedException.class);
        close();
        open();
        assertThatThrownBy(() -> TestLog.get(store.open(id).thenCompose(Log::claim)))
                .hasCauseInstanceOf(FencedException.class);
    }

    @Test
    void aRetiredCopyKeepsItsPromiseAndNothingElse() {
        lead(1);
        for (int i = 0; i < 3; i++) {
            TestLog.get(append(1, i));
        }
        TestLog.get(log.raiseHighWatermark(2));
        TestLog.get(log.deleteRecordsBefore(1));

        TestLog.get(log.atomically(s -> {
            s.retire(7);
            return null;
        }));

        assertThat(store.sizeInBytes(TestLog.ID)).isZero();
        assertThatThrownBy(() -> TestLog.get(append(1, 3))).hasCauseInstanceOf(FencedException.class);
        for (int restarts = 0; restarts < 2; restarts++) {
            assertThat(log.view().logStartOffset()).isZero();
            assertThat(log.view().logEndOffset()).isZero();
            assertThat(log.view().highestSequenceNr()).isZero();
            TestLog.get(log.atomically(s -> {
                assertThat(s.promisedEpoch()).isEqualTo(1);
                assertThat(s.promisedTo()).isEqualTo(CLAIMANT);
                assertThat(s.syncedEpoch()).isEqualTo(-1);
                assertThat(s.minConfig()).isEqualTo(7);
                assertThat(s.claimedConfig()).isEqualTo(3);
                return null;
            }));
            close();
            open();
        }
        TestLog.get(log.atomically(s -> {
            s.promise(2, CLAIMANT, 8);
            s.synced(2);
            return null;
        }));
        TestLog.get(append(2, 0));
        TestLog.get(log.raiseHighWatermark(1));
        assertThat(log.view().highWatermark()).as("it is used again").isEqualTo(1);
    }

    @Test
    void raisesOfTheHighWatermarkThatWaitAreOne() {
        lead(1);
        for (int i = 0; i < 50; i++) {
            TestLog.get(append(1, i));
        }
        assertThat(log.view().highWatermark()).isZero();
        AtomicInteger changes = new AtomicInteger();
        count(changes);
        CompletableFuture<?>[] raises = new CompletableFuture<?>[50];
        TestLog.get(log.atomically(s -> {
            for (int i = 0; i < raises.length; i++) {
                raises[i] = log.raiseHighWatermark(i + 1).toCompletableFuture();
            }
            return null;
        }));
        TestLog.get(CompletableFuture.allOf(raises));
        assertThat(log.view().highWatermark()).isEqualTo(50);
        TestLog.get(log.atomically(s -> null)); // behind the call of the waiters
        assertThat(changes).hasValue(1);
    }

    private void count(AtomicInteger changes) {
        log.onNextChange(() -> {
            changes.incrementAndGet();
            if (changes.get() < 100) {
                count(changes);
            }
        });
    }

    @Test
    void whoReadsWhatIsCutSeesItsEndAndNeverOtherBytes() {
        lead(1);
        TestLog.get(append(1, 0));
        TestLog.get(append(1, 1));
        try (LogSlice before = TestLog.get(log.readToEnd(1, 1000))) {
            ByteBuffer old = TestLog.bytes(before);
            TestLog.get(log.atomically(s -> {
                s.truncate(1);
                s.promise(2, CLAIMANT, 3);
                s.append(Batches.records(1, 2, 2, 1, 50, 99).bytes(), Kind.RECORDS);
                return null;
            }));
            ByteBuffer now = TestLog.bytes(before);
            assertThat(now.remaining()).as("the file ends there").isZero();
            try (LogSlice after = TestLog.get(log.readToEnd(1, 1000))) {
                assertThat(TestLog.bytes(after)).isNotEqualTo(old);
            }
        }
    }

    @Test
    void committedRecordsAreNotCut() {
        lead(1);
        TestLog.get(append(1, 0));
        TestLog.get(append(1, 1));
        TestLog.get(log.raiseHighWatermark(Long.MAX_VALUE));
        assertThatThrownBy(() -> TestLog.get(log.atomically(s -> {
            s.truncate(1);
            return null;
        }))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("committed");
        assertThat(log.view().highWatermark()).isEqualTo(2);
    }

    @Test
    void whatALeaderSendsIsChecked() {
        lead(3);
        TestLog.get(append(3, 0));
        ByteBuffer damaged = Batches.records(1, 2, 3, 1, 50, 1).bytes();
        damaged.put(70, (byte) (damaged.get(70) ^ 1));
        ByteBuffer shortened = Batches.records(1, 2, 3, 1, 50, 1).bytes();
        shortened.limit(shortened.limit() - 1);
        List<ByteBuffer> wrong = List.of(damaged, shortened, Batches.records(2, 2, 3, 1, 50, 1).bytes(),
                Batches.records(1, 2, 2, 1, 50, 1).bytes(), Batches.records(1, 2, 4, 1, 50, 1).bytes());
        for (ByteBuffer batch : wrong) {
            assertThatThrownBy(() -> TestLog.get(log.atomically(s -> {
                s.append(batch, Kind.RECORDS);
                return null;
            }))).hasCauseInstanceOf(CorruptLogException.class).hasMessageContaining("offset 1");
        }
        assertThat(log.view().logEndOffset()).isEqualTo(1);
        TestLog.get(append(3, 1));
    }

    @Test
    void moreBatchesThanAreRememberedCanBeCommitted() {
        lead(0);
        int n = Boundaries.MOST + 500;
        List<EntryBatch> all = IntStream.range(0, n).mapToObj(i -> Batches.records(i, i + 1L, 0, 1, 1, i)).toList();
        TestLog.get(log.append(0, all));
        for (long offset : new long[]{1, 499, 500, 501, 4000, n}) {
            TestLog.get(log.raiseHighWatermark(offset));
            assertThat(log.view().highWatermark()).isEqualTo(offset);
            assertThat(TestLog.get(log.view().withLargestTimestamp()).orElseThrow().timestamp()).isEqualTo(offset - 1);
        }
    }
}
