package io.sluice.persistence.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshot files: their names, and which of them stay. */
class SnapshotFilesTest {
    @TempDir
    private Path dir;

    @Test
    void onlyTheLastOnesAreKept() throws IOException {
        SnapshotFiles files = new SnapshotFiles(dir.resolve("snapshots"), 2);
        for (int i = 1; i <= 5; i++) {
            files.save("id", new SnapshotName(i * 10L, i), state());
        }
        files.save("other", new SnapshotName(1, 1), state());

        assertThat(files.list("id")).containsExactly(new SnapshotName(40, 4), new SnapshotName(50, 5));
        assertThat(files.list("other")).hasSize(1);
    }

    @Test
    void aSavedSnapshotIsKeptEvenIfItIsOlderThanOthers() throws IOException {
        SnapshotFiles files = new SnapshotFiles(dir.resolve("snapshots"), 2);
        files.save("id", new SnapshotName(10, 1), state());
        files.save("id", new SnapshotName(20, 2), state());
        files.save("id", new SnapshotName(5, 3), state());

        assertThat(files.list("id")).containsExactly(new SnapshotName(5, 3), new SnapshotName(20, 2));
    }

    @Test
    void whatACrashLeftBehindIsClearedAway() throws IOException {
        Path root = dir.resolve("snapshots");
        new SnapshotFiles(root, 2).save("id", new SnapshotName(1, 1), state());
        Path leftover = root.resolve("id").resolve("half-written.tmp");
        Files.writeString(leftover, "half");
        SnapshotFiles files = new SnapshotFiles(root, 2);
        assertThat(files.list("id")).containsExactly(new SnapshotName(1, 1));

        files.save("id", new SnapshotName(2, 2), state());

        try (Stream<Path> all = Files.list(root.resolve("id"))) {
            assertThat(all).hasSize(2).doesNotContain(leftover);
        }
    }

    private static ByteBuffer state() {
        return ByteBuffer.wrap("state".getBytes(StandardCharsets.UTF_8));
    }
}
