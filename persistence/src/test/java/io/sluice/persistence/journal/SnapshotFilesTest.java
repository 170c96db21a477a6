package io.sluice.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.journal.PayloadCodec.Payload;
import io.sluice.persistence.journal.SnapshotFormat.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshot files: their names, and which of them stay. */
class SnapshotFilesTest {
    private static final Content CONTENT = new Content("id", new Payload(20, "manifest", bytes("state")),
            new Payload(4, "", bytes("meta")));

    @TempDir
    private Path dir;

    @Test
    void onlyTheLastOnesAreKept() throws IOException {
        SnapshotFiles files = new SnapshotFiles(dir.resolve("snapshots"), 2);
        for (int i = 1; i <= 5; i++) {
            files.save("id", new SnapshotName(i * 10L, i), SnapshotFormat.encode(CONTENT));
        }
        files.save("other", new SnapshotName(1, 1), SnapshotFormat.encode(CONTENT));

        assertThat(files.list("id")).containsExactly(new SnapshotName(40, 4), new SnapshotName(50, 5));
        assertThat(files.list("other")).hasSize(1);
    }

    @Test
    void aSavedSnapshotIsKeptEvenIfItIsOlderThanOthers() throws IOException {
        SnapshotFiles files = new SnapshotFiles(dir.resolve("snapshots"), 2);
        files.save("id", new SnapshotName(10, 1), SnapshotFormat.encode(CONTENT));
        files.save("id", new SnapshotName(20, 2), SnapshotFormat.encode(CONTENT));
        files.save("id", new SnapshotName(5, 3), SnapshotFormat.encode(CONTENT));

        assertThat(files.list("id")).containsExactly(new SnapshotName(5, 3), new SnapshotName(20, 2));
    }

    @Test
    void whatACrashLeftBehindIsClearedAway() throws IOException {
        Path root = dir.resolve("snapshots");
        new SnapshotFiles(root, 2).save("id", new SnapshotName(1, 1), SnapshotFormat.encode(CONTENT));
        Path leftover = root.resolve("id").resolve("half-written.tmp");
        Files.writeString(leftover, "half");
        SnapshotFiles files = new SnapshotFiles(root, 2);
        assertThat(files.list("id")).containsExactly(new SnapshotName(1, 1));

        files.save("id", new SnapshotName(2, 2), SnapshotFormat.encode(CONTENT));

        try (Stream<Path> all = Files.list(root.resolve("id"))) {
            assertThat(all).hasSize(2).doesNotContain(leftover);
        }
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }
}
