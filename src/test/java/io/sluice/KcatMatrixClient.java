package io.sluice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * kcat, with two bytes of no printable meaning as delimiters. Headers and the choice between empty and null are the same for a whole run of
 * it, so records that are alike in these go together.
 */
final class KcatMatrixClient implements MatrixClient {

    private static final byte KEY_END = 1;
    private static final byte RECORD_END = 2;

    @Override
    public void require() {
        ForeignClient.KCAT.require();
    }

    @Override
    public boolean setsTimestamps() {
        return false;
    }

    /** Headers are command-line arguments, so text only; a run takes all that is empty as null, or nothing. */
    @Override
    public boolean canProduce(MatrixRecord record) {
        boolean anyNull = record.key() == null || record.value() == null;
        boolean anyEmpty = "".equals(record.key()) || "".equals(record.value());
        boolean nothing = record.key() == null && record.value() == null;
        return !(anyNull && anyEmpty) && !nothing && !hasDelimiter(record.key()) && !hasDelimiter(record.value())
                && record.headers().stream().allMatch(KcatMatrixClient::isText);
    }

    private static boolean hasDelimiter(String text) {
        if (text == null || text.indexOf(':') > 0) {
            return false;
        }
        String data = new String(MatrixRecord.decode(text), ISO_8859_1);
        return data.indexOf(KEY_END) >= 0 || data.indexOf(RECORD_END) >= 0;
    }

    private static boolean isText(MatrixRecord.Header header) {
        return header.value() == null || (header.name().chars().allMatch(c -> c > ' ' && c < 127)
                && new String(MatrixRecord.decode(header.value()), ISO_8859_1).chars()
                        .allMatch(c -> c >= ' ' && c < 127));
    }

    @Override
    public void produce(String bootstrap, List<MatrixRecord> records, LargeValues values, Map<String, String> codecs) {
        codecs.forEach((topic, codec) -> {
            for (int from = 0, to; from < records.size(); from = to) {
                to = from + 1;
                while (to < records.size() && run(records.get(from)).equals(run(records.get(to)))) {
                    to++;
                }
                produceRun(bootstrap, topic, codec, records.subList(from, to), values);
            }
        });
    }

    /** The arguments that hold for a whole run. */
    private static List<String> run(MatrixRecord record) {
        List<String> arguments = new ArrayList<>();
        if (record.key() == null || record.value() == null) {
            arguments.add("-Z");
        }
        record.headers().forEach(header -> arguments.addAll(List.of("-H", header.name()
                + (header.value() == null ? "" : "=" + new String(MatrixRecord.decode(header.value()), ISO_8859_1)))));
        return arguments;
    }

    private static void produceRun(String bootstrap, String topic, String codec, List<MatrixRecord> records,
            LargeValues values) {
        try {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (MatrixRecord record : records) {
                if (record.key() != null) {
                    lines.write(MatrixRecord.decode(record.key()));
                    lines.write(KEY_END);
                }
                if (record.value() != null) {
                    lines.write(values.of(record));
                }
                lines.write(RECORD_END);
            }
            Path input = values.directory().resolve("kcat.in");
            Files.write(input, lines.toByteArray());
            List<String> command = new ArrayList<>(
                    List.of("kcat", "-P", "-b", bootstrap, "-t", topic, "-p", "0", "-z", codec, "-X",
                            "message.max.bytes=8388608", "-K", Character.toString(KEY_END), "-D",
                            Character.toString(RECORD_END), "-l"));
            command.addAll(run(records.get(0)));
            command.add(input.toString());
            ForeignClient.run(null, values.directory().resolve("kcat.out"), command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** kcat prints headers as text. */
    @Override
    public MatrixRecord told(MatrixRecord record) {
        List<String> texts = record.headers().stream().map(header -> header.name() + "="
                + (header.value() == null ? "NULL" : new String(MatrixRecord.decode(header.value()), ISO_8859_1)))
                .toList();
        return record.withHeaders(printed(String.join(",", texts)));
    }

    private static List<MatrixRecord.Header> printed(String text) {
        return text.isEmpty() ? List.of() : List.of(new MatrixRecord.Header(text, ""));
    }

    @Override
    public Map<String, List<MatrixRecord>> consume(String bootstrap, List<String> topics) {
        Map<String, List<MatrixRecord>> all = new LinkedHashMap<>();
        topics.forEach(topic -> all.put(topic, consume(bootstrap, topic)));
        return all;
    }

    private static List<MatrixRecord> consume(String bootstrap, String topic) {
        try {
            Path output = Files.createTempFile("consumed", ".kcat");
            try {
                ForeignClient.run(null, output, "kcat", "-C", "-e", "-q", "-b", bootstrap, "-t", topic, "-p", "0", "-X",
                        "fetch.wait.max.ms=10", "-o",
                        "beginning",
                        "-f", "%T %K %S %h\\n%k%s\\n");
                return parse(ByteBuffer.wrap(Files.readAllBytes(output)));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<MatrixRecord> parse(ByteBuffer output) {
        List<MatrixRecord> records = new ArrayList<>();
        while (output.hasRemaining()) {
            String[] fields = line(output).split(" ", 4);
            byte[] key = bytes(output, Integer.parseInt(fields[1]));
            byte[] value = bytes(output, Integer.parseInt(fields[2]));
            output.get();
            records.add(MatrixRecord.of(key, value, printed(fields[3]), Long.parseLong(fields[0])));
        }
        return records;
    }

    private static String line(ByteBuffer output) {
        int start = output.position();
        int end = start;
        while (output.get(end) != '\n') {
            end++;
        }
        byte[] bytes = bytes(output, end - start);
        output.get();
        return new String(bytes, ISO_8859_1);
    }

    private static byte[] bytes(ByteBuffer output, int length) {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        output.get(bytes);
        return bytes;
    }
}
