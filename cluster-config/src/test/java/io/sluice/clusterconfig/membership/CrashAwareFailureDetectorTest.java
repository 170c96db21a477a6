package io.sluice.clusterconfig.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pekko.remote.FailureDetector;
import org.junit.jupiter.api.Test;

class CrashAwareFailureDetectorTest {
    private final Heartbeats heartbeats = new Heartbeats();
    private final CrashAwareFailureDetector detector = new CrashAwareFailureDetector(heartbeats);

    private static final class Heartbeats implements FailureDetector {
        private boolean missed;
        private int heard;

        @Override
        public boolean isAvailable() {
            return !missed;
        }

        @Override
        public boolean isMonitoring() {
            return heard > 0;
        }

        @Override
        public void heartbeat() {
            heard++;
        }
    }

    @Test
    void shouldGoByTheHeartbeats() {
        assertThat(detector.isAvailable()).isTrue();
        assertThat(detector.isMonitoring()).isFalse();
        detector.heartbeat();
        assertThat(detector.isMonitoring()).isTrue();
        heartbeats.missed = true;
        assertThat(detector.isAvailable()).isFalse();
    }

    @Test
    void shouldHoldAProcessThatIsGoneToBeUnreachableAtOnce() {
        detector.heartbeat();
        detector.gone();
        assertThat(detector.isAvailable()).isFalse();
    }

    @Test
    void shouldBelieveAHeartbeatMore() {
        detector.gone();
        detector.heartbeat();
        assertThat(detector.isAvailable()).isTrue();
    }
}
