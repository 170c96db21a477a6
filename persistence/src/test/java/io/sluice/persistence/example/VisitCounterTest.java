package io.sluice.persistence.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README, a typed actor with snapshots and deleted events. */
class VisitCounterTest {

    @Test
    void countsOnAfterEachStart(@TempDir Path dir) throws Exception {
        for (int i = 1; i <= 25; i++) {
            assertThat(VisitCounter.visit(dir.toString())).isEqualTo(i);
        }
        try (Stream<Path> snapshots = Files.list(dir.resolve("snapshots/page%7Cindex"))) {
            assertThat(snapshots).isNotEmpty();
        }
    }
}
