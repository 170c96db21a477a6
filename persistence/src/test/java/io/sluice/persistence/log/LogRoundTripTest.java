package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What was appended comes back byte for byte, whatever the sizes of batches, segments and reads, now and after a reopen. */
class LogRoundTripTest {

    @Property(tries = 25)
    void whatWasAppendedIsRead(@ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 600) Integer> sizes,
            @ForAll @IntRange(min = 14, max = 4000) int segmentBytes,
            @ForAll @IntRange(min = 1, max = 3000) int maxBytes,
            @ForAll @IntRange(min = 0, max = 40) int reopenAt) throws IOException {
        Path dir = Files.createTempDirectory("sluice-log");
        try (TestLog t = new TestLog(TestLog.settings(dir)
                .withDefaults(TestLog.config(segmentBytes, FlushMode.OS)))) {
            t.claim();
            for (int i = 0; i < sizes.size(); i++) {
                if (i == reopenAt) {
                    t.reopen();
                    t.claim();
                }
                t.append(1 + sizes.get(i) % 3, sizes.get(i), i);
            }
            assertThat(t.readAll(0, maxBytes)).isEqualTo(t.expected(0));
            LogView before = t.log.view();
            t.reopen();
            assertThat(t.readAll(0, maxBytes)).isEqualTo(t.expected(0));
            assertThat(t.log.view().logEndOffset()).isEqualTo(before.logEndOffset());
            assertThat(t.log.view().highestSequenceNr()).isEqualTo(sizes.size());
            assertThat(t.log.view().sizeInBytes()).isEqualTo(before.sizeInBytes())
                    .isEqualTo(t.expected(0).length);
        } finally {
            deleteTree(dir);
        }
    }

    static void deleteTree(Path dir) throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path p : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(p);
            }
        }
    }
}
