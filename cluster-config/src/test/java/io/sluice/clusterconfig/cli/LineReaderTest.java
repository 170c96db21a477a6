package io.sluice.clusterconfig.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void shouldSplitAtLineFeedsOnly() throws IOException {
        assertThat(lines("a\n\nb\r\n\u00ff\u0000")).containsExactly("a", "", "b\r", "\u00ff\u0000");
        assertThat(lines("")).isEmpty();
        assertThat(lines("\n")).containsExactly("");
    }

    @Test
    void shouldReadLinesLongerThanItsBuffer() throws IOException {
        String line = "x".repeat(200_000);
        assertThat(lines(line + "\n" + line)).containsExactly(line, line);
    }

    @Test
    void shouldNameALineThatIsTooLong() {
        LineReader reader = new LineReader(new ByteArrayInputStream("ok\ntoo long\n".getBytes(ISO_8859_1)), 5);
        assertThatThrownBy(() -> {
            reader.next();
            reader.next();
        }).isInstanceOf(CommandException.class).hasMessageContaining("line 2");
    }

    private static List<String> lines(String text) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(text.getBytes(ISO_8859_1)), 1_000_000);
        List<String> lines = new ArrayList<>();
        for (byte[] line = reader.next(); line != null; line = reader.next()) {
            lines.add(new String(line, ISO_8859_1));
        }
        return lines;
    }
}
