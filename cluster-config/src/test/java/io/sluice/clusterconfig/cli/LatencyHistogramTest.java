package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {
    private final LatencyHistogram histogram = new LatencyHistogram();

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 31, 32, 33, 1000, 123_456_789, Long.MAX_VALUE})
    void shouldKnowASingleDuration(long micros) {
        histogram.add(micros);

        assertThat(histogram.percentile(0.5)).isEqualTo(micros);
        assertThat(histogram.largest()).isEqualTo(micros);
    }

    @Test
    void shouldBeAboutRight() {
        for (int i = 1; i <= 100_000; i++) {
            histogram.add(i);
        }
        for (double share : new double[]{0.01, 0.5, 0.95, 0.99, 0.999}) {
            assertThat(histogram.percentile(share)).isCloseTo((long) (share * 100_000), Percentage.withPercentage(4));
        }
        assertThat(histogram.percentile(1)).isEqualTo(100_000);
    }

    @Test
    void shouldBeZeroWithoutDurations() {
        assertThat(histogram.percentile(0.99)).isZero();
    }
}
