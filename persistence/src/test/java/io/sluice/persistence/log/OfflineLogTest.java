package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading the files of a log that some node may have open. */
class OfflineLogTest {
    private static final int BATCHES = 12;

    @TempDir
    Path dir;

    private Path log;
    private List<Path> segments;

    /** Several segments, after a clean stop. */
    @BeforeEach
    void fill() throws IOException {
        try (TestLog t = new TestLog(TestLog.settings(dir).withDefaults(TestLog.config(2000, FlushMode.COMMIT)))) {
            t.claim();
            for (int i = 0; i < BATCHES; i++) {
                t.append(2, 200, i);
            }
            assertThat(seen(dir).batches()).as("while it is open").hasSize(BATCHES);
        }
        OfflineLog only = OfflineLog.at(dir).getFirst();
        log = only.directory();
        segments = only.segments();
        assertThat(segments).hasSizeGreaterThan(2);
    }

    @Test
    void shouldReadEveryBatchFromAnyPlace() throws IOException {
        OfflineLog whole = OfflineLog.at(dir).getFirst();
        assertThat(whole.persistenceId()).isEqualTo(TestLog.ID);
        assertThat(whole.kind()).isEqualTo(EntryBatch.Kind.RECORDS);

        for (Path path : List.of(dir, dir.resolve("logs"), log)) {
            assertThat(seen(path).batches()).extracting(BatchHeader::baseOffset).hasSize(BATCHES).startsWith(0L, 2L)
                    .endsWith(22L);
            assertThat(seen(path).damages()).isEmpty();
        }
        assertThat(seen(segments.get(1)).batches().getFirst().baseOffset())
                .isEqualTo(SegmentName.parse(segments.get(1).getFileName().toString()).baseOffset());
    }

    @Test
    void shouldNameAFlippedBitAndGoOn() throws IOException {
        Path file = segments.get(1);
        byte[] bytes = Files.readAllBytes(file);
        bytes[BatchHeader.BYTES + 50] ^= 1;
        Files.write(file, bytes);

        Seen seen = seen(dir);

        assertThat(seen.batches()).hasSize(BATCHES - 1);
        assertThat(seen.damages()).singleElement().satisfies(damage -> {
            assertThat(damage.file()).isEqualTo(file);
            assertThat(damage.position()).isZero();
            assertThat(damage.offset()).isEqualTo(SegmentName.parse(file.getFileName().toString()).baseOffset());
            assertThat(damage.what()).contains("checksum");
            assertThat(damage.torn()).isFalse();
        });
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void shouldTellATornWriteFromLostBytes() throws IOException {
        Path last = segments.getLast();
        byte[] whole = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(whole, whole.length + 100));
        assertThat(seen(dir).damages()).singleElement().satisfies(damage -> {
            assertThat(damage.torn()).as("behind what was synced").isTrue();
            assertThat(damage.position()).isEqualTo(whole.length);
        });

        Files.write(last, Arrays.copyOf(whole, whole.length - 1));
        assertThat(seen(dir).damages()).singleElement().extracting(SegmentDamage::torn)
                .as("bytes that were synced are missing").isEqualTo(false);
    }

    @Test
    void shouldNotTakeDamageOfACopyForATornWrite() throws IOException {
        byte[] whole = Files.readAllBytes(segments.getLast());
        Path copy = Files.write(dir.resolve("copy.log"), Arrays.copyOf(whole, whole.length - 1));

        assertThat(seen(copy).damages()).singleElement().extracting(SegmentDamage::torn).isEqualTo(false);
    }

    @Test
    void shouldMissASegment() throws IOException {
        Files.delete(segments.get(1));

        assertThat(seen(dir).damages()).singleElement().satisfies(damage -> {
            assertThat(damage.file()).isEqualTo(segments.get(2));
            assertThat(damage.what()).contains("missing");
        });
    }

    @Test
    void shouldFindNothingWhereNothingIs() throws IOException {
        assertThat(OfflineLog.at(Files.createDirectory(dir.resolve("empty")))).isEmpty();
        assertThatThrownBy(() -> OfflineLog.at(dir.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    private record Seen(List<BatchHeader> batches, List<SegmentDamage> damages) {}

    private static Seen seen(Path path) throws IOException {
        Seen seen = new Seen(new ArrayList<>(), new ArrayList<>());
        for (OfflineLog log : OfflineLog.at(path)) {
            log.read(new OfflineLog.Visitor() {
                @Override
                public void batch(Path file, long position, BatchHeader batch) {
                    seen.batches().add(batch);
                }

                @Override
                public void damage(SegmentDamage damage) {
                    seen.damages().add(damage);
                }
            });
        }
        return seen;
    }
}
