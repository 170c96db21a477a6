package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final String ERASE = "\r\033[K";

    private final StringWriter terminal = new StringWriter();
    private long nanos = -Duration.ofMillis(700).toNanos(); // nanoTime may be negative

    private void pass(long milliseconds) {
        nanos += Duration.ofMillis(milliseconds).toNanos();
    }

    private Progress progress(long total) {
        return new Progress(new PrintWriter(terminal), "records", total, () -> nanos);
    }

    @Test
    void shouldTellHowMuchIsDoneAndHowLongTheRestTakes() {
        Progress progress = progress(200);
        pass(1000);
        progress.at(50);
        assertThat(terminal).hasToString(
                ERASE + " 25% [#######.......................] 50/200 records, 50/s, 3 s left");
    }

    @Test
    void shouldWriteFiveTimesASecondAtMost() {
        try (Progress progress = progress(10_000)) {
            for (int i = 0; i < 2000; i++) {
                progress.at(i);
                pass(1);
            }
        }
        assertThat(terminal.toString().split("records", -1)).hasSize(8 + 1);
        assertThat(terminal.toString()).endsWith(ERASE);
    }

    @Test
    void shouldShowNothingOfWorkThatIsSoonDone() {
        try (Progress progress = progress(10)) {
            pass(400);
            progress.at(10);
        }
        assertThat(terminal.toString()).isEmpty();
    }

    @Test
    void shouldNotGoPastTheWholeOrDivideByNothing() {
        Progress progress = progress(10);
        pass(1000);
        progress.at(0);
        pass(1000);
        progress.at(12);
        assertThat(terminal.toString()).contains("  0% [..............................] 0/10 records, 0/s",
                "100% [##############################] 12/10 records, 6/s, 0 s left");
    }

    @Test
    void shouldBeSilentWithoutATerminal() {
        try (Progress progress = new Progress(null, "records", 10, () -> nanos)) {
            pass(1000);
            progress.at(5);
        }
        assertThat(terminal.toString()).isEmpty();
    }
}
