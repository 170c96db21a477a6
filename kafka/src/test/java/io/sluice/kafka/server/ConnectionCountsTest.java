package io.sluice.kafka.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionCountsTest {

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
}
