package io.sluice.kafka.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LimitsTest {

    @Test
    void shouldCountConnectionsInAllAndByAddress() throws Exception {
        InetAddress a = InetAddress.getByAddress(new byte[]{127, 0, 0, 1});
        InetAddress b = InetAddress.getByAddress(new byte[]{127, 0, 0, 2});
        ConnectionCounts counts = new ConnectionCounts(
                new KafkaServerSettings.Connections(3, 2, Duration.ofSeconds(1)));
        assertThat(counts.enter(a)).isNull();
        assertThat(counts.enter(a)).isNull();
        assertThat(counts.enter(a)).contains("max.connections.per.ip");
        assertThat(counts.enter(b)).isNull();
        assertThat(counts.enter(b)).contains("max.connections");
        counts.leave(a);
        assertThat(counts.enter(a)).isNull();
        assertThat(counts.total()).isEqualTo(3);
    }

    @Test
    void shouldWakeWhoWaitsForRequestBytesOnce() {
        RequestBytes bytes = new RequestBytes(100);
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
        RequestBytes bytes = new RequestBytes(100);
        assertThat(bytes.reserve(1000, () -> {
        })).isTrue();
        assertThat(bytes.reserve(1, () -> {
        })).isFalse();
    }
}
