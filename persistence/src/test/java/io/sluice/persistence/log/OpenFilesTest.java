package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However many logs are in use, few of their files are open. Asks the system which are. */
@EnabledOnOs(OS.LINUX)
class OpenFilesTest {
    private static final int BOUND = 16;
    private static final int LOGS = 60;
    private static final int ROUNDS = 5;

    @TempDir
    Path dir;

    private FileLogStore store;

    @BeforeEach
    void open() {
        open(FlushMode.OS);
    }

    private void open(FlushMode flush) {
        store = FileLogStore.open(TestLog.settings(dir).withDefaults(TestLog.config(1 << 20, flush))
                .withMaxOpenFiles(BOUND));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @EnumSource(FlushMode.class)
    void manyLogsAreWrittenAndReadWithFewOpenFiles(FlushMode flush) throws IOException {
        store.close();
        open(flush);
        List<Log> logs = logs();
        List<Log.Lease> leases = logs.stream().map(Log::lease).toList(); // in use: idleness does not close them
        for (int round = 0; round < ROUNDS; round++) {
            int offset = round;
            List<CompletionStage<Void>> appends = logs.stream().map(log -> append(log, offset)).toList(); // all at once
            appends.forEach(TestLog::get);
            assertThat(openSegments()).hasSizeLessThanOrEqualTo(BOUND);
            logs.forEach(log -> read(log, offset));
            assertThat(openSegments()).hasSizeLessThanOrEqualTo(BOUND);
        }
        leases.forEach(Log.Lease::close);
    }

    @Test
    void whoReadsGoesOnWithItsFile() throws IOException {
        List<Log> logs = logs();
        TestLog.get(append(logs.getFirst(), 0));
        try (LogSlice held = TestLog.read(logs.getFirst().view(), 0, 1000)) {
            for (Log log : logs.subList(1, LOGS)) {
                TestLog.get(append(log, 0));
            }
            assertThat(openSegments()).hasSizeLessThanOrEqualTo(BOUND + 1);
            assertThat(TestLog.bytes(held).remaining()).isEqualTo(held.length()).isPositive();
        }
        read(logs.getFirst(), 0);
    }

    private List<Log> logs() {
        List<Log> logs = new ArrayList<>();
        for (int i = 0; i < LOGS; i++) {
            Log log = TestLog.get(store.open("partition|t-" + i));
            TestLog.get(log.claim());
            logs.add(log);
        }
        return logs;
    }

    private static CompletionStage<Void> append(Log log, int offset) {
        return log.append(log.leaderEpoch(),
                List.of(Batches.records(offset, offset + 1, log.leaderEpoch(), 1, 100, offset)));
    }

    private static void read(Log log, int offset) {
        try (LogSlice slice = TestLog.read(log.view(), offset, 1)) {
            ByteBuffer bytes = TestLog.bytes(slice);
            assertThat(BatchHeader.read(bytes, 0).baseOffset()).isEqualTo(offset);
        }
    }

    /** Segment files in the data directory that this process has open. */
    private List<Path> openSegments() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.flatMap(OpenFilesTest::target).filter(f -> f.startsWith(dir) && f.toString().endsWith(".log"))
                    .toList();
        }
    }

    private static Stream<Path> target(Path open) {
        try {
            return Stream.of(Files.readSymbolicLink(open));
        } catch (IOException e) {
            return Stream.empty(); // closed meanwhile
        }
    }
}
