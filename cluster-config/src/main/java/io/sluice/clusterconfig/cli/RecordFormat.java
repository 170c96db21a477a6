package io.sluice.clusterconfig.cli;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How a record is written. */
@FunctionalInterface
interface RecordFormat {

    /** The value's bytes as they are and a line break. */
    RecordFormat LINE = (record, out) -> {
        if (record.value() != null) {
            out.write(record.value());
        }
        out.write('\n');
    };

    /** Writes one record. */
    void write(ConsumerRecord<byte[], byte[]> record, OutputStream out) throws IOException;

    /** What the option says: null for {@link #LINE}, {@code json}, or a template. */
    static RecordFormat of(String option) {
        return option == null ? LINE : option.equals("json") ? new JsonFormat() : TemplateFormat.parse(option);
    }
}
