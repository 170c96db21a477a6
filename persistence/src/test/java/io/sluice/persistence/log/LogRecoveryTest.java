package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log does with files that a crash, a bad disk or another hand has changed. */
class LogRecoveryTest {
    @TempDir
    Path dir;
    private Path origin;
    private Path crashed;

    @BeforeEach
    void directories() {
        origin = dir.resolve("origin");
        crashed = dir.resolve("crashed");
    }

    private static LogStoreSettings settings(Path where) {
        return TestLog.settings(where).withDefaults(TestLog.config(1 << 20, FlushMode.OS));
    }

    /** What is on disk now, as a killed process leaves it. */
    private void crash() throws IOException {
        if (Files.exists(crashed)) {
            LogRoundTripTest.deleteTree(crashed);
        }
        try (Stream<Path> all = Files.walk(origin)) {
            for (Path p : (Iterable<Path>) all::iterator) {
                Files.copy(p, crashed.resolve(origin.relativize(p)));
            }
        }
    }

    private static Path only(Path root, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            List<Path> found = all.filter(p -> p.getFileName().toString().endsWith(ending)).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    private static Path segment(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(p -> SegmentName.parse(p.getFileName().toString()) != null).findFirst().orElseThrow();
        }
    }

    @Test
    void cutsATornTailOfEveryLength() throws IOException {
        List<byte[]> batches;
        try (TestLog t = new TestLog(settings(origin))) {
            t.claim();
            for (int i = 0; i < 3; i++) {
                t.append(2, 20, i);
            }
            crash();
            batches = t.appended;
        }
        Path file = segment(crashed);
        byte[] whole = Files.readAllBytes(file);
        byte[] epochs = Files.readAllBytes(only(crashed, "epochs"));
        LogDirectory log = new LogDirectory(file.getParent(), TestLog.ID);
        int second = batches.get(0).length;
        int third = second + batches.get(1).length;
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            Files.write(log.epochs(), epochs);
            int left = length < second ? 0 : length < third ? 1 : 2;
            RecoveredLog recovered = LogRecovery.recover(log, 256, new UUID(0, 0));
            assertThat(recovered.endOffset()).as("cut to %d bytes", length).isEqualTo(2L * left);
            assertThat(recovered.highestSequenceNr()).isEqualTo(left);
            assertThat(log.sizeInBytes()).isEqualTo(left == 0 ? 0 : left == 1 ? second : third);
        }
    }

    @Test
    void goesOnBehindATornTail() throws IOException {
        try (TestLog t = new TestLog(settings(origin))) {
            t.claim();
            t.append(2, 20, 1);
            t.append(2, 20, 1);
            crash();
        }
        byte[] whole = Files.readAllBytes(segment(crashed));
        Files.write(segment(crashed), Arrays.copyOf(whole, whole.length - 1));
        try (TestLog t = new TestLog(settings(crashed))) {
            t.claim();
            t.append(1, 5, 9);
            assertThat(t.readAll(2, 4096)).isEqualTo(t.expected(0));
            t.reopen();
            assertThat(t.readAll(2, 4096)).isEqualTo(t.expected(0));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTailOfZerosOrGarbageIsCut(boolean zeros) throws IOException {
        try (TestLog t = new TestLog(settings(origin))) {
            t.claim();
            t.append(2, 20, 1);
            crash();
        }
        byte[] junk = new byte[5000];
        if (!zeros) {
            new Random(7).nextBytes(junk);
        }
        Path file = segment(crashed);
        long good = Files.size(file);
        Files.write(file, junk, StandardOpenOption.APPEND);
        try (TestLog t = new TestLog(settings(crashed))) {
            assertThat(t.log.view().logEndOffset()).isEqualTo(2);
            assertThat(Files.size(file)).isEqualTo(good);
        }
    }

    /** Each byte of the middle batch in turn, in a log that was stopped cleanly and in one that was killed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFlippedBitInTheMiddleIsNamedAndNeverServed(boolean cleanStop) throws IOException {
        List<byte[]> batches;
        try (TestLog t = new TestLog(settings(origin))) {
            t.claim();
            for (int i = 0; i < 5; i++) {
                t.append(2, 200, 1000 + i);
            }
            batches = t.appended;
            if (!cleanStop) {
                crash();
            }
        }
        if (cleanStop) {
            crash();
        }
        byte[] whole = Files.readAllBytes(segment(crashed));
        int begin = batches.get(0).length + batches.get(1).length;
        int size = batches.get(2).length;
        for (int at = 0; at < size; at += at < 64 ? 3 : 97) {
            byte[] damaged = whole.clone();
            damaged[begin + at] ^= (byte) (1 << (at % 8));
            LogRoundTripTest.deleteTree(crashed);
            try (Stream<Path> all = Files.walk(origin)) {
                for (Path p : (Iterable<Path>) all::iterator) {
                    Files.copy(p, crashed.resolve(origin.relativize(p)));
                }
            }
            if (!cleanStop) {
                Files.deleteIfExists(only(crashed, "checkpoint"));
                Files.deleteIfExists(only(crashed, ".index"));
            }
            Files.write(segment(crashed), damaged);
            try (TestLog t = new TestLog(settings(crashed))) {
                String as = "flipped byte " + at;
                LogView view = t.log.view();
                assertThat(view.logEndOffset()).as(as).isEqualTo(10);
                assertThat(view.highestSequenceNr()).as(as).isEqualTo(5);
                assertServed(view, 0, batches.get(0), as);
                assertServed(view, 3, batches.get(1), as);
                for (long offset = 4; offset < 6; offset++) {
                    long bad = offset;
                    assertThatThrownBy(() -> TestLog.read(view, bad, 1)).as(as)
                            .isInstanceOf(CompletionException.class).hasCauseInstanceOf(CorruptLogException.class)
                            .hasMessageContaining(segment(crashed) + ", position " + begin + ", offset 4");
                }
                assertServed(view, 6, batches.get(3), as);
                assertServed(view, 9, batches.get(4), as);
                try (LogSlice upToDamage = TestLog.read(view, 0, 1 << 20)) {
                    assertThat(upToDamage.nextOffset()).as(as).isLessThanOrEqualTo(4);
                }
                t.claim();
                t.append(1, 10, 5);
                assertServed(t.log.view(), 10, t.appended.getFirst(), as);
            }
        }
    }

    private static void assertServed(LogView view, long offset, byte[] batch, String as) {
        try (LogSlice slice = TestLog.read(view, offset, 1)) {
            assertThat(TestLog.bytes(slice)).as(as).isEqualTo(ByteBuffer.wrap(batch));
        }
    }

    @Test
    void damageBelowTheRecoveryPointIsNotATornTail() throws IOException {
        try (TestLog t = new TestLog(settings(origin))) {
            t.claim();
            for (int i = 0; i < 4; i++) {
                t.append(2, 200, i);
            }
        }
        Path file = segment(origin);
        byte[] whole = Files.readAllBytes(file);
        whole[whole.length - 1] ^= 1;
        Files.write(file, whole);
        Files.delete(only(origin, ".index"));
        try (TestLog t = new TestLog(settings(origin))) {
            assertThat(Files.size(file)).isEqualTo(whole.length);
            assertThat(t.log.view().logEndOffset()).isEqualTo(8);
            assertThatThrownBy(() -> TestLog.read(t.log.view(), 6, 1)).hasCauseInstanceOf(CorruptLogException.class);
            t.claim();
            t.append(1, 10, 5);
            assertThat(t.log.view().logEndOffset()).isEqualTo(9);
            assertThat(t.log.view().highestSequenceNr()).isEqualTo(5);
            assertServed(t.log.view(), 8, t.appended.getFirst(), "behind the damage");
            assertServed(t.log.view(), 0, Arrays.copyOf(whole, whole.length / 4), "before the damage");
        }
    }

    @Test
    void scansOnlyWhatTheCheckpointDoesNotCover() throws IOException {
        try (TestLog t = new TestLog(settings(origin))) {
            t.claim();
            for (int i = 0; i < 20; i++) {
                t.append(2, 200, i);
            }
        }
        // a damaged batch below the recovery point goes unnoticed at open, which proves that nothing there was read
        Path file = segment(origin);
        byte[] whole = Files.readAllBytes(file);
        whole[100] ^= 1;
        Files.write(file, whole);
        try (TestLog t = new TestLog(settings(origin))) {
            assertThat(t.log.view().tryRead(0, 1, true)).as("unchecked bytes need a check first").isNull();
            assertThatThrownBy(() -> TestLog.read(t.log.view(), 0, 1)).hasCauseInstanceOf(CorruptLogException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "empty", "garbage", "flip"})
    void aMissingOrBrokenIndexIsBuiltAgain(String how) throws IOException {
        byte[] expected;
        try (TestLog t = new TestLog(
                TestLog.settings(origin).withDefaults(TestLog.config(3000, FlushMode.OS)))) {
            t.claim();
            for (int i = 0; i < 40; i++) {
                t.append(2, 200, i);
            }
            expected = t.expected(0);
        }
        try (Stream<Path> all = Files.walk(origin)) {
            for (Path p : (Iterable<Path>) all.filter(f -> f.toString().endsWith(".index"))::iterator) {
                byte[] bytes = Files.readAllBytes(p);
                switch (how) {
                    case "delete" -> Files.delete(p);
                    case "empty" -> Files.write(p, new byte[0]);
                    case "garbage" -> Files.write(p, new byte[bytes.length]);
                    default -> {
                        bytes[bytes.length - 3] ^= 4;
                        Files.write(p, bytes);
                    }
                }
            }
        }
        try (TestLog t = new TestLog(settings(origin))) {
            assertThat(t.readAll(0, 700)).isEqualTo(expected);
            assertThat(TestLog.get(t.log.view().firstAtOrAfter(31)).orElseThrow().offset()).isEqualTo(61);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epochs", "checkpoint"})
    void aMissingOrBrokenStateFileIsMadeFromTheBatches(String name) throws IOException {
        byte[] expected;
        try (TestLog t = new TestLog(settings(origin))) {
            t.claim();
            t.append(2, 200, 1);
            t.claim();
            t.append(2, 200, 1);
            expected = t.expected(0);
        }
        for (boolean delete : List.of(false, true)) {
            Path file = only(origin, name);
            if (delete) {
                Files.delete(file);
            } else {
                Files.writeString(file, "nonsense");
            }
            try (TestLog t = new TestLog(settings(origin))) {
                assertThat(t.readAll(0, 4096)).isEqualTo(expected);
                assertThat(t.log.view().endOf(0)).contains(new LogView.EpochEnd(0, 2));
                assertThat(t.log.view().endOf(1)).contains(new LogView.EpochEnd(1, 4));
                assertThat(t.claim()).isGreaterThanOrEqualTo(2);
            }
        }
    }

    /** Base offsets are outside the checksum and events may leave gaps, so only their neighbours betray a wrong one. */
    @Test
    void aFlippedBitAmongEventsIsNeverServed() throws IOException {
        List<byte[]> batches = new ArrayList<>();
        try (FileLogStore store = FileLogStore.open(settings(origin))) {
            Log log = TestLog.get(store.open("events"));
            int epoch = TestLog.get(log.claim());
            for (int i = 0; i < 5; i++) {
                EntryBatch b = Batches.events(1 + 2 * i, epoch, 2, 60);
                byte[] copy = new byte[b.bytes().remaining()];
                b.bytes().duplicate().get(copy);
                batches.add(copy);
                TestLog.get(log.append(epoch, List.of(b)));
            }
        }
        Path file = segment(origin);
        byte[] whole = Files.readAllBytes(file);
        int size = batches.getFirst().length;
        for (int damagedBatch : new int[]{2, 4}) {
            for (int at = 0; at < 24; at++) {
                byte[] damaged = whole.clone();
                damaged[damagedBatch * size + at] ^= (byte) (1 << (at % 8));
                Files.write(file, damaged);
                String as = "flipped byte " + at + " of batch " + damagedBatch;
                try (FileLogStore store = FileLogStore.open(settings(origin))) {
                    LogView view = TestLog.get(store.open("events")).view();
                    assertThat(view.highestSequenceNr()).as(as).isEqualTo(10);
                    List<Long> seen = new ArrayList<>();
                    assertThatThrownBy(() -> TestLog.get(view.scan(1, 10, (first, head, bytes) -> seen.add(first))))
                            .as(as).hasCauseInstanceOf(CorruptLogException.class);
                    assertThat(seen).as(as).containsExactlyElementsOf(
                            List.of(1L, 3L, 5L, 7L, 9L).subList(0, damagedBatch));
                    assertThatThrownBy(() -> TestLog.read(view, 2L * damagedBatch, 1)).as(as)
                            .hasCauseInstanceOf(CorruptLogException.class);
                }
            }
        }
    }

    @Test
    void missingBytesAreDamageNotTheEnd() throws IOException {
        try (TestLog t = new TestLog(settings(origin))) {
            t.claim();
            for (int i = 0; i < 4; i++) {
                t.append(2, 200, i);
            }
        }
        Path file = segment(origin);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        try (TestLog t = new TestLog(settings(origin))) {
            assertThat(t.log.view().logEndOffset()).as("offsets are never given twice").isEqualTo(8);
            assertThat(t.log.view().highestSequenceNr()).isEqualTo(4);
            assertThatThrownBy(() -> TestLog.read(t.log.view(), 4, 1)).hasCauseInstanceOf(CorruptLogException.class);
            t.claim();
            t.append(1, 10, 5);
            assertThatThrownBy(() -> TestLog.read(t.log.view(), 4, 1)).hasCauseInstanceOf(CorruptLogException.class);
            assertServed(t.log.view(), 8, t.appended.getFirst(), "behind the hole");
        }
    }
}
