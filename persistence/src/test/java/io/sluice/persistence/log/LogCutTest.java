package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash between any two steps of a cut leaves a log that is whole up to its end. */
class LogCutTest {
    private static final int BATCHES = 12;

    @TempDir
    Path dir;

    private static LogStoreSettings settings(Path where) {
        return TestLog.settings(where).withDefaults(TestLog.config(600, FlushMode.OS));
    }

    /** Twelve batches of two records, each with its own epoch, in several segments; cleanly stopped, so the checkpoint demands all of them. */
    private byte[] fill(Path origin) {
        byte[][] all = new byte[BATCHES][];
        try (FileLogStore store = FileLogStore.open(settings(origin))) {
            ReplicaLog log = TestLog.get(store.openReplica(TestLog.ID));
            for (int i = 0; i < BATCHES; i++) {
                int epoch = i;
                EntryBatch b = Batches.records(2L * i, i + 1L, epoch, 2, 100, i);
                all[i] = new byte[b.bytes().remaining()];
                b.bytes().duplicate().get(all[i]);
                TestLog.get(log.atomically(s -> {
                    s.promise(epoch, new UUID(1, epoch), 0);
                    s.append(b.bytes(), b.kind());
                    return null;
                }));
            }
        }
        ByteBuffer joined = ByteBuffer.allocate(BATCHES * all[0].length);
        for (byte[] b : all) {
            joined.put(b);
        }
        return joined.array();
    }

    private static LogDirectory logIn(Path where) {
        return new LogDirectory(where.resolve("logs").resolve(LogNames.directoryName(TestLog.ID)), TestLog.ID);
    }

    /** The log after a crash; checks that it is a prefix, and that it goes on. */
    private static long recover(Path where, byte[] whole, int size) {
        try (FileLogStore store = FileLogStore.open(settings(where))) {
            ReplicaLog log = TestLog.get(store.openReplica(TestLog.ID));
            long end = log.view().logEndOffset();
            long start = log.view().logStartOffset();
            ByteBuffer read = ByteBuffer.allocate(whole.length);
            for (long offset = start; offset < end;) {
                try (LogSlice slice = TestLog.get(log.readToEnd(offset, 1000))) {
                    read.put(TestLog.bytes(slice));
                    offset = slice.nextOffset();
                }
            }
            if (start < 100) {
                assertThat(read.position()).isEqualTo((int) end / 2 * size);
                assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(whole, 0, (int) end / 2 * size));
            }
            TestLog.get(log.atomically(s -> {
                assertThat(s.promisedEpoch()).isEqualTo(BATCHES - 1);
                assertThat(s.epochs().latest()).isEqualTo(start < 100 ? (int) end / 2 - 1 : -1);
                s.promise(50, new UUID(2, 2), 0);
                s.append(Batches.records(end, s.highestSequenceNr() + 1, 50, 1, 10, 1).bytes(),
                        EntryBatch.Kind.RECORDS);
                return null;
            }));
            assertThat(log.view().logEndOffset()).isEqualTo(end + 1);
            return end;
        }
    }

    @Test
    void everyStepOfATruncationLeavesAPrefix() throws IOException {
        Path origin = dir.resolve("origin");
        byte[] whole = fill(origin);
        int size = whole.length / BATCHES;
        for (int keep = 0; keep < BATCHES; keep++) {
            List<Long> ends = new ArrayList<>();
            int steps = Integer.MAX_VALUE;
            for (int done = 0; done <= steps; done++) {
                Path crashed = dir.resolve("truncated-" + keep + "-" + done);
                ReplicaLogPropertyTest.copy(origin, crashed);
                List<LogCut.Step> plan = truncation(logIn(crashed), 2L * keep, size);
                steps = plan.size();
                for (LogCut.Step step : plan.subList(0, done)) {
                    step.run();
                }
                ends.add(recover(crashed, whole, size));
                LogRoundTripTest.deleteTree(crashed);
            }
            assertThat(ends.getFirst()).isEqualTo(2L * BATCHES);
            assertThat(ends.getLast()).isEqualTo(2L * keep);
            assertThat(ends).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        }
    }

    private static List<LogCut.Step> truncation(LogDirectory log, long end, int size) throws IOException {
        List<SegmentName> names = log.segments();
        List<SegmentName> stay = names.stream().filter(n -> n.baseOffset() < end).toList();
        SegmentName last = stay.isEmpty() ? null : stay.getLast();
        long position = last == null ? 0 : (end - last.baseOffset()) / 2 * size;
        long lastBase = last == null ? 0 : last.baseOffset();
        Checkpoint lowered = Checkpoint.read(log.checkpoint()).cutAt(lastBase, position, end, end / 2);
        EpochsFile before = EpochsFile.read(log.epochs());
        return LogCut.truncate(log, lowered, names.subList(stay.size(), names.size()), last, last, position,
                new EpochsFile(before.state(), before.history().cutAt(end)));
    }

    @Test
    void everyStepOfARestartLeavesAPrefixOrNothing() throws IOException {
        Path origin = dir.resolve("origin");
        byte[] whole = fill(origin);
        int size = whole.length / BATCHES;
        int steps = Integer.MAX_VALUE;
        List<Long> ends = new ArrayList<>();
        for (int done = 0; done <= steps; done++) {
            Path crashed = dir.resolve("restarted-" + done);
            ReplicaLogPropertyTest.copy(origin, crashed);
            LogDirectory log = logIn(crashed);
            EpochsFile before = EpochsFile.read(log.epochs());
            List<LogCut.Step> plan = LogCut.restart(log, Checkpoint.NONE, log.segments(),
                    new EpochsFile(before.state(), LogHistory.EMPTY), new Checkpoint(0, 0, 500, 77, 500, 77));
            steps = plan.size();
            for (LogCut.Step step : plan.subList(0, done)) {
                step.run();
            }
            ends.add(recover(crashed, whole, size));
        }
        assertThat(ends.getFirst()).isEqualTo(2L * BATCHES);
        assertThat(ends.get(ends.size() - 2)).isZero();
        assertThat(ends.getLast()).isEqualTo(500);
    }
}
