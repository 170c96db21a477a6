package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void shouldAlignNumbersToTheRightAndTextToTheLeft() {
        Table table = new Table("topic", "end offset", "isr").row("orders", 12345, List.of(1, 2)).row("a", null,
                List.of());

        assertThat(table.toText()).isEqualTo("""
                topic   end offset  isr
                orders       12345  1,2
                a                -  -
                """);
    }

    @Test
    void shouldKeepEachRowOnOneLine() {
        assertThat(new Table("setting", "value").row("key", "two\nlines").toText()).isEqualTo("""
                setting  value
                key      two lines
                """);
    }

    @Test
    void shouldWriteObjectsWithKeysInCamelCase() {
        Table table = new Table("topic", "end offset", "isr").row("orders", 5, List.of(1));

        assertThat(table.toObjects()).containsExactly(Map.of("topic", "orders", "endOffset", 5, "isr", List.of(1)));
        assertThat(table.in(OutputFormat.JSON)).contains("\"endOffset\" : 5").endsWith("]\n");
        assertThat(new Table("topic").in(OutputFormat.JSON)).isEqualTo("[ ]\n");
    }

    @Test
    void shouldRefuseARowOfAnotherWidth() {
        assertThatThrownBy(() -> new Table("one").row(1, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
