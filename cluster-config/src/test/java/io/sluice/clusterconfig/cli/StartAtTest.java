package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.clusterconfig.cli.StartAt.Kind;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartAtTest {

    @ParameterizedTest
    @CsvSource({"beginning, BEGINNING, 0", "latest, LATEST, 0", "17, OFFSET, 17", "@17, TIME, 17",
            "1970-01-01T00:00:01, TIME, 1000"})
    void shouldReadAPlace(String text, Kind kind, long value) {
        assertThat(StartAt.parse(text, ZoneOffset.UTC)).isEqualTo(new StartAt(kind, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "-1", "2026-40-01", ""})
    void shouldSayWhatAPlaceIs(String text) {
        assertThatThrownBy(() -> StartAt.parse(text, ZoneOffset.UTC)).isInstanceOf(CommandException.class)
                .hasMessageContaining("2026-01-31T12:00:00");
    }
}
