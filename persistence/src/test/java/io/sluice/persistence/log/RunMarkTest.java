package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
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
        assertThat(start("a").lostPower()).as("first start").isFalse();
        assertThat(start("a").lostPower()).as("killed").isFalse();
        RunMark again = start("a");
        again.stop();
        assertThat(start("b").lostPower()).as("stopped, then a reboot").isFalse();
        assertThat(start("c").lostPower()).as("a reboot while running").isTrue();
    }

    @Test
    void eachLossHasAnIdThatStaysUntilTheNextOne() throws IOException {
        UUID none = start("a").loss();
        assertThat(start("a").loss()).isEqualTo(none);
        RunMark again = start("b");
        UUID one = again.loss();
        assertThat(one).isNotEqualTo(none);
        again.stop();
        again = start("c");
        assertThat(again.lostPower()).isFalse();
        assertThat(again.loss()).isEqualTo(one);
        assertThat(start("d").loss()).isNotIn(none, one);
    }

    @Test
    void whatCannotBeKnownIsTakenForALoss() throws IOException {
        start("unknown");
        assertThat(start("unknown").lostPower()).as("no boot id").isTrue();
        UUID before = start("a").loss();
        Files.writeString(dir.resolve("running"), "nonsense");
        RunMark after = start("a");
        assertThat(after.lostPower()).as("a damaged mark").isTrue();
        assertThat(after.loss()).isNotEqualTo(before);
    }

    @Test
    void aStoreThatStopsLeavesAMark() throws IOException {
        FileLogStore.open(TestLog.settings(dir)).close();
        assertThat(dir.resolve("stopped")).exists();
        assertThat(start("another").lostPower()).isFalse();
    }
}
