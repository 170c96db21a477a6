package io.sluice.clusterconfig.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A text with places for the parts of a record, named as users of kcat know them. */
final class TemplateFormat implements RecordFormat {
    private final List<RecordFormat> parts;

    private TemplateFormat(List<RecordFormat> parts) {
        this.parts = parts;
    }

    /** @throws CommandException USAGE for a place that does not exist */
    static TemplateFormat parse(String template) {
        List<RecordFormat> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        String read = Escapes.read(template);
        for (int i = 0; i < read.length(); i++) {
            char c = read.charAt(i);
            if (c != '%') {
                text.append(c);
            } else if (i + 1 < read.length() && read.charAt(i + 1) == '%') {
                text.append('%');
                i++;
            } else {
                addText(parts, text);
                i++;
                parts.add(place(template, i < read.length() ? read.charAt(i) : ' '));
            }
        }
        addText(parts, text);
        return new TemplateFormat(parts);
    }

    private static void addText(List<RecordFormat> parts, StringBuilder text) {
        byte[] bytes = text.toString().getBytes(UTF_8);
        text.setLength(0);
        parts.add((record, out) -> out.write(bytes));
    }

    private static RecordFormat place(String template, char name) {
        return switch (name) {
            case 't' -> (record, out) -> out.write(record.topic().getBytes(UTF_8));
            case 'p' -> (record, out) -> number(out, record.partition());
            case 'o' -> (record, out) -> number(out, record.offset());
            case 'T' -> (record, out) -> number(out, record.timestamp());
            case 'k' -> (record, out) -> bytes(out, record.key());
            case 's' -> (record, out) -> bytes(out, record.value());
            case 'h' -> (record, out) -> out.write(headers(record).getBytes(UTF_8));
            default -> throw new CommandException(ExitCode.USAGE, "--format " + template + ": %" + name
                    + " means nothing; there are %t topic, %p partition, %o offset, %T timestamp, %k key, %s value, %h headers and %%");
        };
    }

    private static String headers(ConsumerRecord<byte[], byte[]> record) {
        return StreamSupport.stream(record.headers().spliterator(), false).map(TemplateFormat::header)
                .collect(Collectors.joining(","));
    }

    private static String header(Header header) {
        return header.key() + "=" + (header.value() == null ? "" : new String(header.value(), UTF_8));
    }

    private static void number(OutputStream out, long number) throws IOException {
        out.write(Long.toString(number).getBytes(UTF_8));
    }

    private static void bytes(OutputStream out, byte[] bytes) throws IOException {
        if (bytes != null) {
            out.write(bytes);
        }
    }

    @Override
    public void write(ConsumerRecord<byte[], byte[]> record, OutputStream out) throws IOException {
        for (RecordFormat part : parts) {
            part.write(record, out);
        }
    }
}
