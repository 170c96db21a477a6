package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data directory and the logs in it. */
class FileLogStoreTest {
    @TempDir
    Path dir;

    private static LogStoreSettings settings(Path where) {
        return TestLog.settings(where).withDefaults(TestLog.config(2000, FlushMode.OS));
    }

    @Test
    void anyIdHasItsOwnLog() {
        Set<String> ids = new LinkedHashSet<>(List.of("", ".", "..", "a", "A", "a/b", "a%2Fb", "a\\b", "%", "%25", "~",
                "~1", "a b", "ä", "日本語", "😀", "\ud83d", "?", "a.tmp", "con", "x".repeat(200), "x".repeat(201),
                "x".repeat(5000), "x".repeat(5000) + "y", "/".repeat(300), "../../etc/passwd", "a\nb", "a=b", "\0"));
        try (FileLogStore store = FileLogStore.open(settings(dir))) {
            for (String id : ids) {
                Log log = TestLog.get(store.open(id));
                int epoch = TestLog.get(log.claim());
                assertThat(epoch).as(id).isZero();
                TestLog.get(log.append(epoch, List.of(Batches.records(0, 1, epoch, 1, 10, 1))));
            }
            assertThat(store.persistenceIds()).containsExactlyInAnyOrderElementsOf(ids);
        }
        try (FileLogStore store = FileLogStore.open(settings(dir))) {
            assertThat(store.persistenceIds()).containsExactlyInAnyOrderElementsOf(ids);
            for (String id : ids) {
                assertThat(TestLog.get(store.open(id)).view().logEndOffset()).as(id).isEqualTo(1);
                assertThat(store.sizeInBytes(id)).isPositive();
            }
        }
    }

    @Property(tries = 500)
    void anEncodedIdIsReadBack(@ForAll String id) {
        assertThat(LogNames.decode(LogNames.encode(id))).isEqualTo(id);
        assertThat(LogNames.directoryName(id)).hasSizeBetween(1, 200).matches("[A-Za-z0-9._@%~-]+")
                .isNotIn(".", "..");
    }

    @Test
    void aDirectoryIsForOneStoreAtATime() {
        try (FileLogStore first = FileLogStore.open(settings(dir))) {
            assertThat(first.directory()).isEqualTo(dir);
            assertThatThrownBy(() -> FileLogStore.open(settings(dir))).isInstanceOf(DataDirectoryException.class)
                    .hasMessage("data directory " + dir
                            + " is in use by another node: stop that one or choose another directory");
        }
        FileLogStore.open(settings(dir)).close();
    }

    @Test
    void anotherFormatIsRefused() throws IOException {
        FileLogStore.open(settings(dir)).close();
        DurableFiles.write(dir.resolve("format"), "format=2\n");
        assertThatThrownBy(() -> FileLogStore.open(settings(dir))).isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("has format 2, this version reads format 1").hasMessageNotContaining("\n");
        Files.delete(dir.resolve("format"));
        assertThatThrownBy(() -> FileLogStore.open(settings(dir))).isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("no file 'format'");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsRefused() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "not a directory");
        assertThatThrownBy(() -> FileLogStore.open(settings(file))).isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(file + " is not a directory").hasMessageNotContaining("\n");
    }

    @Test
    void openGivesTheSameLog() {
        try (FileLogStore store = FileLogStore.open(settings(dir))) {
            assertThat(store.ifOpen("a")).isEmpty();
            Log log = TestLog.get(store.open("a"));
            assertThat(TestLog.get(store.open("a"))).isSameAs(log);
            assertThat(store.ifOpen("a")).containsSame(log);
            assertThat(log.persistenceId()).isEqualTo("a");
        }
    }

    @Test
    void anIdleLogClosesItsFilesAndGoesOnWhenUsed() {
        LogStoreSettings quick = settings(dir).withIntervals(Duration.ofMillis(20), Duration.ofMinutes(1),
                Duration.ofMinutes(1));
        try (TestLog t = new TestLog(quick)) {
            t.claim();
            for (int i = 0; i < 20; i++) {
                t.append(2, 100, i);
            }
            FileLog log = (FileLog) t.log;
            await().until(log::isResting);
            assertThat(openFiles()).isEmpty();
            assertThat(t.readAll(0, 1000)).isEqualTo(t.expected(0));
            await().until(log::isResting);
            t.append(2, 100, 20);
            assertThat(t.readAll(0, 1000)).isEqualTo(t.expected(0));
            assertThat(TestLog.get(t.store.open(TestLog.ID))).as("a handle in use is never replaced").isSameAs(log);
            Log.Lease lease = log.lease();
            assertThat(log.isLeased()).isTrue();
            lease.close();
            lease.close();
            assertThat(log.isLeased()).isFalse();
        }
    }

    private List<Path> openFiles() {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.flatMap(FileLogStoreTest::target).filter(p -> p.startsWith(dir.resolve("logs"))).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Path> target(Path fd) {
        try {
            return Stream.of(Files.readSymbolicLink(fd));
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    @Test
    void nothingIsOpenAfterClose() {
        TestLog t = new TestLog(settings(dir));
        t.claim();
        for (int i = 0; i < 20; i++) {
            t.append(2, 100, i);
        }
        t.readAll(0, 1000);
        assertThat(openFiles()).isNotEmpty();
        t.close();
        assertThat(openFiles()).isEmpty();
        assertThat(dir.resolve("stopped")).exists();
        assertThatThrownBy(() -> t.append(1, 1, 1)).hasMessageContaining("closed");
        assertThatThrownBy(() -> TestLog.get(t.store.open("x"))).hasMessageContaining("closed");
        assertThatThrownBy(() -> TestLog.get(t.log.view().read(0, 1, true))).hasMessageContaining("closed");
    }

    @Test
    void readersNeverSeeAnythingTornWhileAWriterRuns() throws InterruptedException {
        try (TestLog t = new TestLog(TestLog.settings(dir).withDefaults(TestLog.config(20_000, FlushMode.OS)))) {
            t.claim();
            t.append(1, 10, 1);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> readers = Stream.of(1, 700, 5000).map(maxBytes -> new Thread(() -> {
                try {
                    follow(t.log, maxBytes, stop);
                } catch (Throwable e) {
                    failure.set(e);
                }
            })).toList();
            readers.forEach(Thread::start);
            long end = System.nanoTime() + 1_500_000_000L;
            while (System.nanoTime() < end && failure.get() == null) {
                t.append(1 + (int) (end % 5), 100, 1);
            }
            stop.set(true);
            for (Thread reader : readers) {
                reader.join(10_000);
                assertThat(reader.isAlive()).isFalse();
            }
            assertThat(failure.get()).isNull();
            assertThat(t.readAll(0, 10_000)).isEqualTo(t.expected(0));
        }
    }

    private static void follow(Log log, int maxBytes, AtomicBoolean stop) {
        long offset = 0;
        while (!stop.get() || offset < log.view().highWatermark()) {
            try (LogSlice slice = TestLog.read(log.view(), offset, maxBytes)) {
                var bytes = TestLog.bytes(slice);
                for (int at = 0; at < slice.length();) {
                    BatchHeader head = BatchHeader.read(bytes, at);
                    assertThat(head.baseOffset()).isEqualTo(offset);
                    assertThat(BatchHeader.computeCrc(bytes, at, head.sizeInBytes())).isEqualTo(head.crc());
                    offset = head.nextOffset();
                    at += head.sizeInBytes();
                }
                assertThat(offset).isEqualTo(slice.nextOffset());
            }
        }
    }
}
