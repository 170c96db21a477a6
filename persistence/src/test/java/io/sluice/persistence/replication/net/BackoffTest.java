package io.sluice.persistence.replication.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void shouldBackOffLongerAndLongerWithinBounds() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(1000), new Random(1));
        int[] due = {100, 200, 400, 800, 1000, 1000};
        for (int ms : due) {
            assertThat(backoff.nextMillis()).isBetween(ms / 2L, (long) ms);
        }
        backoff.reset();
        assertThat(backoff.nextMillis()).isBetween(50L, 100L);
    }
}
