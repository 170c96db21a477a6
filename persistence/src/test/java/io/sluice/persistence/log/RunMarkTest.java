package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the machine may have lost what the page cache had. */
class RunMarkTest {
    @TempDir
    Path dir;

    private RunMark start(String bootId) throws IOException {
        return RunMark.begin(dir, !Files.exists(dir.resolve("running")), bootId);
    }

    @Test
    void onlyTheMachineLosesThePageCache() throws IOException {
        assertThat(start("a").mayHaveLostWrites()).as("first start").isFalse();
        assertThat(start("a").mayHaveLostWrites()).as("killed").isFalse();
        RunMark again = start("a");
        again.stop();
        assertThat(start("b").mayHaveLostWrites()).as("stopped, then a reboot").isFalse();
        assertThat(start("c").mayHaveLostWrites()).as("a reboot while running").isTrue();
    }

    @Test
    void aLossIsRememberedUntilItIsSettled() throws IOException {
        start("a");
        assertThat(start("b").mayHaveLostWrites()).isTrue();
        RunMark again = start("b");
        assertThat(again.mayHaveLostWrites()).as("killed before anybody acted").isTrue();
        again.stop();
        again = start("b");
        assertThat(again.mayHaveLostWrites()).as("stopped before anybody acted").isTrue();
        again.settle();
        assertThat(again.mayHaveLostWrites()).isFalse();
        assertThat(start("b").mayHaveLostWrites()).isFalse();
    }

    @Test
    void whatCannotBeKnownIsTakenForALoss() throws IOException {
        start("unknown");
        assertThat(start("unknown").mayHaveLostWrites()).as("no boot id").isTrue();
        start("a").settle();
        Files.writeString(dir.resolve("running"), "nonsense");
        assertThat(start("a").mayHaveLostWrites()).as("a damaged mark").isTrue();
    }

    @Test
    void aStoreReportsIt() throws IOException {
        LogStoreSettings settings = TestLog.settings(dir);
        try (FileLogStore store = FileLogStore.open(settings)) {
            assertThat(store.mayHaveLostWrites()).isFalse();
        }
        Files.delete(dir.resolve("stopped"));
        DurableFiles.write(dir.resolve("running"), "boot-id=another\nmay-have-lost-writes=no\n");
        try (FileLogStore store = FileLogStore.open(settings)) {
            assertThat(store.mayHaveLostWrites()).isTrue();
            store.lostWritesSettled();
            assertThat(store.mayHaveLostWrites()).isFalse();
        }
        FileLogStore.open(settings).close();
        assertThat(dir.resolve("stopped")).exists();
    }
}
