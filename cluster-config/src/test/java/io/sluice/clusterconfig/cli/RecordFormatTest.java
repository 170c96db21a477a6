package io.sluice.clusterconfig.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordFormatTest {

    @Test
    void shouldWriteTheExactBytesOfEachValue() throws IOException {
        assertThat(written(null, "k", "\u00fe\u0000")).isEqualTo("\u00fe\u0000\n");
        assertThat(written(null, null, null)).isEqualTo("\n");
    }

    @Test
    void shouldFillInATemplate() throws IOException {
        assertThat(written("%t-%p@%o %T\\t%k=%s [%h] 100%%\\n", "k", "v")).isEqualTo("t-1@5 1700\tk=v [h=x] 100%\n");
        assertThat(written("%k|%s", null, null)).isEqualTo("|");
    }

    @Test
    void shouldRefuseAPlaceThatDoesNotExist() {
        assertThatThrownBy(() -> RecordFormat.of("%x")).isInstanceOf(CommandException.class)
                .hasMessageContaining("%x means nothing");
        assertThatThrownBy(() -> RecordFormat.of("50%")).isInstanceOf(CommandException.class);
    }

    @Test
    void shouldWriteJsonWithBytesThatAreNoTextInBase64() throws IOException {
        assertThat(written("json", "k", "\u00fe")).isEqualTo("""
                {"topic":"t","partition":1,"offset":5,"timestamp":1700,"key":"k","valueBase64":"/g==",\
                "headers":[{"key":"h","value":"x"}]}
                """);
        assertThat(written("json", null, "a\nb")).contains("\"key\":null", "\"value\":\"a\\nb\"");
    }

    private static String written(String option, String key, String value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RecordFormat.of(option).write(new ConsumerRecord<>("t", 1, 5, 1700, TimestampType.CREATE_TIME, 0, 0, bytes(key),
                bytes(value), new RecordHeaders().add("h", bytes("x")), Optional.empty()), out);
        return out.toString(ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(ISO_8859_1);
    }
}
