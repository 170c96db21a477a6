package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One replica of a log on a machine that loses its power. */
class SuspectLogTest {
    private static final UUID CLAIMANT = new UUID(1, 2);
    private static final int EPOCH = 4;
    /** Two batches of the tests fit. */
    private static final long SEGMENT_BYTES = 300;

    @TempDir
    Path dir;
    private FileLogStore store;
    private ReplicaLog log;

    @AfterEach
    void close() {
        store.close();
    }

    private void open(FlushMode mode) {
        store = FileLogStore.open(
                TestLog.settings(dir).withThreads(1, 1).withDefaults(TestLog.config(SEGMENT_BYTES, mode)));
        log = TestLog.get(store.openReplica(TestLog.ID));
    }

    /** Opens what a disk has if nothing was flushed in time; {@code loss} does to the files what the power loss does. */
    private void restartMachine(FlushMode mode, Loss loss) throws IOException {
        store.close();
        Files.delete(dir.resolve("stopped"));
        Path where = dir.resolve("logs").resolve(LogNames.directoryName(TestLog.ID));
        Files.deleteIfExists(where.resolve("checkpoint"));
        loss.of(where);
        Path running = dir.resolve("running");
        DurableFiles.write(running, DurableFiles.read(running).replaceFirst("boot-id=.*", "boot-id=another"));
        open(mode);
    }

    private interface Loss {
        Loss NOTHING = log -> {
        };

        void of(Path log) throws IOException;
    }

    private <T> T ask(Function<ReplicaStore, T> what) {
        return TestLog.get(log.atomically(what::apply));
    }

    private UUID loss() {
        return TestLog.get(log.atomically(ReplicaStore::loss));
    }

    private void lead() {
        TestLog.get(log.atomically(s -> {
            s.promise(EPOCH, CLAIMANT, 3);
            s.synced(EPOCH);
            return null;
        }));
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            long end = ask(ReplicaStore::logEndOffset);
            TestLog.get(log.append(EPOCH, List.of(Batches.records(end, end + 1, EPOCH, 1, 50, end))));
        }
    }

    @Test
    void aCopyIsSuspectFromALossUntilItIsRestored() throws IOException {
        open(FlushMode.OS);
        lead();
        append(1);
        assertThat(loss()).isNull();
        restartMachine(FlushMode.OS, Loss.NOTHING);
        UUID first = loss();
        assertThat(first).isNotNull();
        store.close();
        open(FlushMode.OS);
        assertThat(loss()).as("after a clean stop").isEqualTo(first);
        restartMachine(FlushMode.COMMIT, Loss.NOTHING);
        assertThat(loss()).as("another loss").isNotNull().isNotEqualTo(first);
        TestLog.get(log.atomically(s -> {
            s.restored();
            return null;
        }));
        assertThat(loss()).isNull();
        store.close();
        open(FlushMode.OS);
        assertThat(loss()).isNull();
    }

    @Test
    void aCopyThatIsMadeEqualToALeadersIsNotSuspectAnyMore() throws IOException {
        open(FlushMode.OS);
        lead();
        append(1);
        restartMachine(FlushMode.OS, Loss.NOTHING);
        TestLog.get(log.atomically(s -> {
            s.promise(EPOCH + 1, CLAIMANT, 3);
            assertThat(s.loss()).isNotNull();
            s.synced(EPOCH + 1);
            assertThat(s.loss()).isNull();
            return null;
        }));
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatWasNotFlushedMakesSuspect(FlushMode mode) throws IOException {
        open(mode);
        lead();
        append(1);
        restartMachine(FlushMode.OS, Loss.NOTHING);
        assertThat(loss() == null).isEqualTo(mode == FlushMode.COMMIT);
        append(1);
        assertThat(loss() == null).as("after another append").isEqualTo(mode == FlushMode.COMMIT);
        restartMachine(FlushMode.COMMIT, Loss.NOTHING);
        assertThat(loss()).isNotNull();
    }

    @Test
    void theLogEndsBeforeTheFirstByteThatIsMissing() throws IOException {
        open(FlushMode.OS);
        lead();
        append(7);
        restartMachine(FlushMode.OS, where -> overwrite(segments(where).get(1), 20));
        assertThat(ask(ReplicaStore::logEndOffset)).isEqualTo(2);
        append(5);
        restartMachine(FlushMode.OS, where -> cut(segments(where).get(1), 140));
        assertThat(ask(ReplicaStore::logEndOffset)).isEqualTo(3);
        append(4);
        restartMachine(FlushMode.OS, where -> Files.delete(segments(where).get(1)));
        assertThat(ask(ReplicaStore::logEndOffset)).isEqualTo(2);
        append(4);
        restartMachine(FlushMode.OS, where -> cut(segments(where).get(0), 0));
        assertThat(ask(ReplicaStore::logEndOffset)).isZero();
        assertThat(ask(ReplicaStore::highestSequenceNr)).isZero();
        append(3);
        assertThat(ask(ReplicaStore::logEndOffset)).isEqualTo(3);
    }

    private static List<Path> segments(Path log) {
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(f -> SegmentName.parse(f.getFileName().toString()) != null).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void overwrite(Path file, long position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            bytes.write(new byte[40]);
        }
    }

    private static void cut(Path file, long size) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(size);
        }
    }
}
