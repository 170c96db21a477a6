package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.compact.CompactionPolicy;
import io.sluice.persistence.log.compact.OffsetMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compaction of a log on disk: what stays, what readers and replay see, and what a crash leaves. */
class LogCompactionTest {
    private static final long SEGMENT = 400;
    private static final long PLENTY = 1 << 20;

    @TempDir
    Path dir;
    private KeyedLog keyed;

    @AfterEach
    void close() {
        if (keyed != null) {
            keyed.close();
        }
    }

    private void open(long mapBytes, CompactionPolicy policy) {
        keyed = new KeyedLog(dir, SEGMENT, mapBytes, policy);
    }

    /** {@code n} batches of one record, keys taking turns. */
    private void fill(int n, int keys) {
        for (int i = 0; i < n; i++) {
            long offset = keyed.log.view().logEndOffset();
            keyed.append("k" + offset % keys, "v" + offset);
        }
    }

    @Test
    void onlyTheLastValuesStayInClosedSegmentsAndAllKeepTheirOffsets() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        long active = keyed.log.fileView().segment(keyed.log.fileView().segmentCount() - 1).baseOffset();
        assertThat(keyed.compact()).isEqualTo(1);

        Map<Long, String> left = keyed.records();
        for (long offset = active - 3; offset < 60; offset++) {
            assertThat(left).containsEntry(offset, "k" + offset % 3 + "=v" + offset);
        }
        assertThat(left).hasSize((int) (60 - active + 3));
        assertThat(keyed.log.fileView().segmentCount()).as("small segments are merged").isEqualTo(2);
        assertThat(keyed.log.view().logStartOffset()).isZero();
        assertThat(keyed.compact()).as("nothing is new").isZero();
    }

    @Test
    void sequenceNumbersSurvive() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        Map<Long, Long> before = keyed.replayed(1);
        keyed.compact();
        Map<Long, Long> after = keyed.replayed(1);
        assertThat(after).hasSizeLessThan(20);
        after.forEach((nr, base) -> assertThat(before.get(nr)).as("batch %d", nr).isGreaterThanOrEqualTo(base));
        assertThat(after.keySet().stream().reduce((a, b) -> b)).hasValue(60L);
        assertThat(keyed.replayed(20).keySet().iterator().next()).as("within what was removed")
                .isGreaterThanOrEqualTo(20);

        for (boolean indexes : new boolean[]{true, false}) {
            keyed.store.close();
            if (!indexes) {
                deleteAll(".index");
                Files.delete(keyed.directory().resolve("checkpoint"));
            }
            keyed.open();
            assertThat(keyed.replayed(1)).isEqualTo(after);
            assertThat(keyed.log.view().highestSequenceNr()).isEqualTo(60);
        }
        keyed.append("k0", "more");
        assertThat(keyed.log.view().highestSequenceNr()).isEqualTo(61);
    }

    @Test
    void offsetsWithinWhatWasRemovedCanBeAskedFor() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        keyed.compact();
        for (long offset = 0; offset < 60; offset++) {
            try (LogSlice slice = TestLog.read(keyed.log.view(), offset, 100)) {
                assertThat(slice.nextOffset()).isGreaterThan(offset);
                MutableRecordBatch first = MemoryRecords.readableRecords(TestLog.bytes(slice)).batches().iterator()
                        .next();
                assertThat(first.countOrNull()).as("a consumer gets records").isPositive();
                assertThat(first.lastOffset()).isGreaterThanOrEqualTo(offset);
            }
        }
    }

    @Test
    void aSegmentOfNothingButFillersIsPassed() throws Exception {
        for (boolean restarted : new boolean[]{false, true}) {
            Path here = Files.createDirectory(dir.resolve("restarted-" + restarted));
            try (KeyedLog log = new KeyedLog(here, SEGMENT, PLENTY, KeyedLog.ALWAYS)) {
                log.append("a", "1");
                log.append("a", "x".repeat(500));
                log.append("a", "2");
                log.append("a", "y".repeat(500));
                log.append("a", "3");
                assertThat(log.compact()).isEqualTo(1);
                if (restarted) {
                    log.reopen();
                }
                for (long offset = 0; offset < 3; offset++) {
                    try (LogSlice slice = TestLog.read(log.log.view(), offset, 100)) {
                        assertThat(BatchHeader.read(TestLog.bytes(slice), 0).baseOffset()).isEqualTo(3);
                        assertThat(slice.nextOffset()).isEqualTo(4);
                    }
                }
                try (LogSlice all = TestLog.get(log.log.readToEnd(1, 61))) {
                    assertThat(BatchHeader.read(TestLog.bytes(all), 0).isFiller()).as("for other replicas").isTrue();
                }
            }
        }
    }

    @Test
    void aTombstoneRemovesItsKeyAndIsRemovedLater() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        keyed.append("a", "1");
        keyed.append("b", "1");
        keyed.append("a", "-");
        fill(30, 3);
        keyed.compact();
        assertThat(keyed.records()).containsEntry(2L, "a=-").containsEntry(1L, "b=1").doesNotContainKey(0L);
        fill(30, 3);
        keyed.compact();
        assertThat(keyed.records()).containsEntry(1L, "b=1").doesNotContainKey(2L);
    }

    @Test
    void theLastBatchOfAProducerKeepsItsHead() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        keyed.append(5, 0, "a", "1");
        keyed.append(5, 1, "a", "2", "a", "3");
        keyed.append(6, 0, "b", "1");
        fill(30, 3);
        keyed.append("a", "4");
        keyed.append("b", "4");
        fill(30, 3);
        keyed.compact();
        assertThat(keyed.batches().stream().filter(MutableRecordBatch::hasProducerId)
                .map(b -> b.producerId() + ":" + b.lastSequence() + ":" + b.countOrNull()))
                .containsExactly("5:2:0", "6:0:0");
        fill(30, 3);
        keyed.compact();
        assertThat(keyed.batches().stream().filter(MutableRecordBatch::hasProducerId)).hasSize(2);
    }

    @Test
    void epochsKeepTheirBegins() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(17, 3);
        for (int i = 0; i < 4; i++) {
            keyed.reopen();
            fill(17, 3);
        }
        Map<Integer, Long> ends = ends();
        keyed.compact();
        assertThat(ends()).isEqualTo(ends);
        keyed.store.close();
        Files.delete(keyed.directory().resolve("epochs"));
        keyed.open();
        assertThat(ends()).containsAllEntriesOf(ends);
    }

    private Map<Integer, Long> ends() {
        Map<Integer, Long> ends = new java.util.TreeMap<>();
        for (int epoch = 0; epoch < 5; epoch++) {
            ends.put(epoch, keyed.log.view().endOf(epoch).orElseThrow().endOffset());
        }
        return ends;
    }

    @Test
    void whatDoesNotFitIntoMemoryTakesSeveralPasses() throws Exception {
        open(4 * OffsetMap.ENTRY_BYTES, KeyedLog.ALWAYS);
        fill(120, 9);
        Map<String, String> table = keyed.table();
        assertThat(keyed.pass()).isTrue();
        keyed.reopen();
        assertThat(keyed.compact()).isGreaterThan(3);
        assertThat(keyed.table()).isEqualTo(table);
        long active = keyed.log.fileView().segment(keyed.log.fileView().segmentCount() - 1).baseOffset();
        assertThat(keyed.records().keySet().stream().filter(o -> o < active)).as("all is compacted").hasSize(9);
    }

    @Test
    void readersOfTheOldSegmentsGoOn() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        LogView old = keyed.log.view();
        try (LogSlice held = TestLog.read(old, 0, 300)) {
            byte[] before = TestLog.bytes(held).array();
            keyed.compact();
            assertThat(TestLog.bytes(held).array()).isEqualTo(before);
        }
        for (long offset = 0; offset < 60; offset++) {
            try (LogSlice slice = TestLog.read(old, offset, 100)) {
                assertThat(slice.nextOffset()).isGreaterThan(offset);
            }
        }
        List<Long> numbers = new ArrayList<>();
        TestLog.get(old.scan(1, Long.MAX_VALUE, (nr, head, bytes) -> numbers.add(nr)));
        assertThat(numbers).isSorted().endsWith(60L);
        assertThat(TestLog.get(old.firstAtOrAfter(KeyedLog.TIME)).orElseThrow().offset()).isPositive();
    }

    @Test
    void aReplayDuringWhichSegmentsAreReplacedMissesNothingBehindThem() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        keyed.reopen();
        List<Long> numbers = new ArrayList<>();
        TestLog.get(keyed.log.view().scan(1, Long.MAX_VALUE, (nr, head, bytes) -> {
            if (numbers.isEmpty()) {
                try {
                    keyed.compact();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return numbers.add(nr);
        }));
        assertThat(numbers).isSorted().doesNotHaveDuplicates().startsWith(1L).endsWith(59L, 60L);
    }

    @Test
    void timestampsAreFound() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        keyed.compact();
        Map<Long, String> left = keyed.records();
        for (long t = 0; t < 60; t++) {
            long wanted = t;
            long expected = left.keySet().stream().filter(o -> o >= wanted).findFirst().orElseThrow();
            assertThat(TestLog.get(keyed.log.view().firstAtOrAfter(KeyedLog.TIME + t)).orElseThrow().offset())
                    .isEqualTo(expected);
        }
    }

    @Test
    void aCrashBeforeTheRenameLeavesTheOldSegments() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        Map<Long, String> all = keyed.records();
        List<String> files = keyed.files();
        keyed.store.close();
        Files.write(keyed.directory().resolve(files.getFirst() + CleanedSegment.UNFINISHED), new byte[100]);
        Files.write(keyed.directory().resolve("00000000000000000000.1.c1-9-9.index"), new byte[100]);
        keyed.open();
        assertThat(keyed.records()).isEqualTo(all);
        assertThat(keyed.files()).isEqualTo(files);
        assertThat(keyed.directory().resolve("00000000000000000000.1.c1-9-9.index")).doesNotExist();
    }

    @Test
    void aCrashAfterTheRenameLeavesTheNewSegmentWhateverIsLeftOfTheOldOnes() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        keyed.store.close();
        Path before = Files.createDirectory(dir.resolve("before"));
        copyAll(keyed.directory(), before);
        keyed.open();
        keyed.compact();
        Map<Long, String> left = keyed.records();
        List<String> files = keyed.files();
        List<Path> old;
        try (Stream<Path> all = Files.list(before)) {
            old = all.filter(p -> p.toString().endsWith(".log") || p.toString().endsWith(".index")).sorted().toList();
        }
        for (int gone = 0; gone < old.size(); gone++) {
            keyed.store.close();
            for (Path p : old.subList(gone, old.size() - 1)) {
                Path back = keyed.directory().resolve(p.getFileName());
                if (!Files.exists(back)) {
                    Files.copy(p, back);
                }
            }
            assertThat(damage()).as("seen from outside").isEmpty();
            keyed.open();
            assertThat(keyed.records()).isEqualTo(left);
            assertThat(keyed.files()).isEqualTo(files);
        }
    }

    private List<SegmentDamage> damage() throws IOException {
        List<SegmentDamage> found = new ArrayList<>();
        for (OfflineLog offline : OfflineLog.at(keyed.directory())) {
            offline.read(new OfflineLog.Visitor() {
                @Override
                public void batch(Path file, long position, BatchHeader batch) {
                }

                @Override
                public void damage(SegmentDamage damage) {
                    found.add(damage);
                }
            });
        }
        return found;
    }

    @Test
    void damageDoesNotSpread() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        keyed.reopen();
        List<String> files = keyed.files();
        Path second = keyed.directory().resolve(files.get(1));
        byte[] bytes = Files.readAllBytes(second);
        bytes[70] ^= 1;
        Files.write(second, bytes);
        org.assertj.core.api.Assertions.assertThatThrownBy(keyed::compact).isInstanceOf(CorruptLogException.class);
        assertThat(keyed.files()).isEqualTo(files);
    }

    @Test
    void retentionTakesCompactedSegmentsToo() throws Exception {
        open(PLENTY, KeyedLog.ALWAYS);
        fill(60, 3);
        keyed.compact();
        LogConfig config = keyed.log.config();
        keyed.log.configure(
                new LogConfig(config.segmentBytes(), config.segmentMs(), 1, -1, config.flush(), config.compaction()));
        assertThat(TestLog.get(keyed.log.applyRetention())).isEqualTo(1);
        assertThat(keyed.log.view().logStartOffset()).isPositive();
        keyed.reopen();
        assertThat(keyed.records()).isNotEmpty();
    }

    private void deleteAll(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(keyed.directory())) {
            for (Path p : all.filter(p -> p.toString().endsWith(suffix)).toList()) {
                Files.delete(p);
            }
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.list(from)) {
            for (Path p : all.toList()) {
                Files.copy(p, to.resolve(p.getFileName()));
            }
        }
    }
}
