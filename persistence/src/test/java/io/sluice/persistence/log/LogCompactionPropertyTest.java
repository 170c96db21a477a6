package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.compact.CompactionPolicy;
import io.sluice.persistence.log.compact.OffsetMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is written, whenever it is compacted, with however little memory: the table that a log stands for stays the same. */
class LogCompactionPropertyTest {

    @Property(tries = 60, seed = "4711")
    void theTableStaysTheSame(@ForAll @Size(min = 1, max = 150) List<@IntRange(min = 0, max = 999) Integer> steps,
            @ForAll @IntRange(min = 1, max = 12) int mapEntries, @ForAll @IntRange(min = 0, max = 1) int tombstoneMs)
            throws IOException, InterruptedException {
        Path dir = Files.createTempDirectory("sluice-compaction");
        CompactionPolicy policy = new CompactionPolicy(tombstoneMs * 1_000_000L, 0, 0, Long.MAX_VALUE, Long.MAX_VALUE);
        try (KeyedLog keyed = new KeyedLog(dir, 500, (long) mapEntries * OffsetMap.ENTRY_BYTES, policy)) {
            for (int step : steps) {
                String key = "k" + step % 7;
                switch (step / 100) {
                    case 0 -> check(keyed);
                    case 1 -> keyed.append(key, "-");
                    case 2 -> keyed.append(key, "v" + step, "k" + step % 5, "w" + step, "k" + step % 3, "-");
                    case 3 -> keyed.reopen();
                    default -> keyed.append(key, "v" + step);
                }
            }
            check(keyed);
            keyed.reopen();
            check(keyed);
        } finally {
            try (Stream<Path> all = Files.walk(dir)) {
                all.sorted(java.util.Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
            }
        }
    }

    private static void check(KeyedLog keyed) throws IOException, InterruptedException {
        Map<String, String> table = keyed.table();
        Map<Long, String> before = keyed.records();
        FileLogView view = keyed.log.fileView();
        long dirty = view.segmentCount() == 0 ? 0 : view.segment(view.segmentCount() - 1).baseOffset();
        keyed.compact();
        Map<Long, String> after = keyed.records();
        assertThat(keyed.table()).isEqualTo(table);
        assertThat(before).containsAllEntriesOf(after);
        before.forEach((offset, record) -> {
            if (offset >= dirty) {
                assertThat(after).containsEntry(offset, record);
            }
        });
        Map<Long, Long> ofClosed = new java.util.HashMap<>();
        after.forEach((offset, record) -> {
            if (offset < dirty) {
                ofClosed.merge((long) record.substring(0, record.indexOf('=')).hashCode(), 1L, Long::sum);
            }
        });
        assertThat(ofClosed.values()).as("one record of each key").allMatch(n -> n == 1);
    }
}
