package io.sluice;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client that is a script of {@code src/test/resources/clients}, whose README tells the two commands and the lines of JSON. */
final class ScriptMatrixClient implements MatrixClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ForeignClient client;
    private final String interpreter;
    private final String script;

    ScriptMatrixClient(ForeignClient client, String interpreter, String script) {
        this.client = client;
        this.interpreter = interpreter;
        this.script = NodeCommand.ROOT.resolve("src/test/resources/clients").resolve(script).toString();
    }

    @Override
    public void require() {
        client.require();
    }

    @Override
    public boolean canProduce(MatrixRecord record) {
        boolean nullHeader = record.headers().stream().anyMatch(header -> header.value() == null);
        return switch (client) {
            case KAFKA_PYTHON -> !nullHeader && (record.key() != null || record.value() != null);
            case KAFKAJS -> !nullHeader;
            default -> true;
        };
    }

    /** kafkajs holds headers as an object, so they have no order but among those of one name. */
    @Override
    public MatrixRecord written(MatrixRecord record) {
        return told(record);
    }

    @Override
    public MatrixRecord told(MatrixRecord record) {
        if (client != ForeignClient.KAFKAJS) {
            return record;
        }
        return record.withHeaders(record.headers().stream()
                .collect(groupingBy(MatrixRecord.Header::name, LinkedHashMap::new, mapping(header -> header, toList())))
                .values().stream().flatMap(List::stream).toList());
    }

    @Override
    public void produce(String bootstrap, List<MatrixRecord> records, LargeValues values, Map<String, String> codecs) {
        Path input = values.directory().resolve(client + ".jsonl");
        try {
            Files.write(input, records.stream().map(record -> line(record, values)).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(List.of(interpreter, script, "produce", bootstrap, input.toString()));
        codecs.forEach((topic, codec) -> command.add(topic + "=" + codec));
        ForeignClient.run(null, values.directory().resolve(client + ".out"), command);
    }

    private static String line(MatrixRecord record, LargeValues values) {
        ObjectNode line = JSON.createObjectNode().put("key", record.key()).put("timestamp", record.timestamp());
        if (record.isLarge()) {
            line.put("file", values.file(record.value()).toString());
        } else {
            line.put("value", record.value());
        }
        ArrayNode headers = line.putArray("headers");
        record.headers().forEach(header -> headers.addArray().add(header.name()).add(header.value()));
        return line.toString();
    }

    @Override
    public Map<String, List<MatrixRecord>> consume(String bootstrap, List<String> topics) {
        List<String> command = new ArrayList<>(List.of(interpreter, script, "consume", bootstrap));
        command.addAll(topics);
        Map<String, List<MatrixRecord>> all = new LinkedHashMap<>();
        try {
            Path output = Files.createTempFile("consumed", ".jsonl");
            try {
                ForeignClient.run(null, output, command);
                for (String line : Files.readAllLines(output)) {
                    JsonNode record = JSON.readTree(line);
                    all.computeIfAbsent(record.get("topic").asText(), topic -> new ArrayList<>()).add(parse(record));
                }
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static MatrixRecord parse(JsonNode record) {
        List<MatrixRecord.Header> headers = new ArrayList<>();
        record.get("headers")
                .forEach(header -> headers.add(new MatrixRecord.Header(header.get(0).asText(), text(header.get(1)))));
        String value = record.has("sha256")
                ? record.get("size").asLong() + ":" + record.get("sha256").asText()
                : text(record.get("value"));
        return new MatrixRecord(text(record.get("key")), value, headers, record.get("timestamp").asLong());
    }

    private static String text(JsonNode node) {
        return node.isNull() ? null : node.asText();
    }
}
