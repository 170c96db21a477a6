package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    @ParameterizedTest
    @CsvSource({"@1500, 1500", "1970-01-02, 82800000", "1970-01-01T02:00:00, 3600000", "1970-01-01T02:00, 3600000",
            "1970-01-01T00:00:01Z, 1000", "1970-01-01T01:00:00.5+01:00, 500", "1970-01-01T00:00:00-01:00, 3600000"})
    void shouldReadTimesOfTheUsersZone(String text, long millis) {
        assertThat(Times.parse(text, ZoneOffset.ofHours(1))).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "@", "@x", "2026-13-01", "2026-01-01T25:00", "12:00"})
    void shouldShowHowTimesAreWritten(String text) {
        assertThatThrownBy(() -> Times.parse(text, ZoneOffset.UTC))
                .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("2026-01-31T12:00:00Z");
    }
}
