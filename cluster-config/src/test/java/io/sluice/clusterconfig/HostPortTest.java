package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @ParameterizedTest
    @CsvSource({"localhost:9092, localhost, 9092", "127.0.0.1:0, 127.0.0.1, 0", "[::1]:65535, ::1, 65535"})
    void readsHostAndPort(String text, String host, int port) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9092", "[::1]:9092"})
    void writesWhatItReads(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", ":9092", "localhost:", "localhost:x", "localhost:65536", "localhost:-1",
            "::1:9092"})
    void refusesWhatIsNotOne(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsHowToWriteAnIpv6Address() {
        assertThatThrownBy(() -> HostPort.parse("::1:9092")).hasMessageContaining("[ADDRESS]:PORT");
    }
}
