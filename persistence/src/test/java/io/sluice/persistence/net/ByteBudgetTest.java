package io.sluice.persistence.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

    @Test
    void shouldWakeWhoWaitsForRoomOnce() {
        ByteBudget bytes = new ByteBudget(100);
        AtomicInteger woken = new AtomicInteger();
        Runnable wake = woken::incrementAndGet;
        assertThat(bytes.reserve(60, wake)).isTrue();
        assertThat(bytes.reserve(60, wake)).isFalse();
        assertThat(bytes.reserve(60, wake)).isFalse();
        bytes.release(60);
        assertThat(woken).hasValue(1);
        assertThat(bytes.reserve(60, wake)).isTrue();
        bytes.release(60);
        assertThat(woken).hasValue(1);
        assertThat(bytes.used()).isZero();
    }

    @Test
    void shouldAlwaysLetASingleFrameIn() {
        ByteBudget bytes = new ByteBudget(100);
        assertThat(bytes.reserve(1000, () -> {
        })).isTrue();
        assertThat(bytes.reserve(1, () -> {
        })).isFalse();
    }
}
