package io.sluice.clusterconfig.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFormatTest {

    @ParameterizedTest
    @CsvSource(nullValues = "NULL", value = {":,k:v,k,v", ":,k:v:w,k,v:w", ":,v,NULL,v", ":,':v','',v",
            "::,k::v,k,v", "::,k:v,NULL,k:v", "NULL,k:v,NULL,k:v"})
    void shouldFindTheKeyBeforeTheFirstSeparator(String separator, String line, String key, String value) {
        ProducerRecord<byte[], byte[]> record = new LineFormat("t", 3, separator, Map.of("h", "x"))
                .record(line.getBytes(UTF_8));

        assertThat(record.key()).isEqualTo(key == null ? null : key.getBytes(UTF_8));
        assertThat(record.value()).isEqualTo(value.getBytes(UTF_8));
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.headers().lastHeader("h").value()).isEqualTo("x".getBytes(UTF_8));
    }
}
