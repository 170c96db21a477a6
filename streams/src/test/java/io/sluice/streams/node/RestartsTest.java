package io.sluice.streams.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartsTest {

    private static Restarts restarts(boolean enabled) {
        return new Restarts(new ApplicationSettings(List.of(), Optional.empty(), enabled, Duration.ofSeconds(1),
                Duration.ofSeconds(5), Duration.ofSeconds(1), ConfigFactory.empty()));
    }

    @Test
    void withoutBeingAskedToNothingStartsAgain() {
        assertThat(restarts(false).failedAfter(Duration.ZERO)).isEmpty();
    }

    @Test
    void thePauseDoublesToTheLongest() {
        Restarts restarts = restarts(true);
        for (int seconds : new int[]{1, 2, 4, 5, 5}) {
            assertThat(restarts.failedAfter(Duration.ofSeconds(5))).contains(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void whoRanForLongBeginsAnew() {
        Restarts restarts = restarts(true);
        restarts.failedAfter(Duration.ZERO);
        restarts.failedAfter(Duration.ZERO);
        assertThat(restarts.failedAfter(Duration.ofSeconds(6))).contains(Duration.ofSeconds(1));
        assertThat(restarts.failedAfter(Duration.ZERO)).contains(Duration.ofSeconds(2));
    }
}
