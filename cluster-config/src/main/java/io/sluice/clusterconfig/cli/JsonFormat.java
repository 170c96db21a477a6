package io.sluice.clusterconfig.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** One JSON object on a line. Bytes that are no UTF-8 are in Base64, under a name that says so. */
final class JsonFormat implements RecordFormat {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Override
    public void write(ConsumerRecord<byte[], byte[]> record, OutputStream out) throws IOException {
        ObjectNode object = MAPPER.createObjectNode();
        object.put("topic", record.topic()).put("partition", record.partition()).put("offset", record.offset())
                .put("timestamp", record.timestamp());
        put(object, "key", record.key());
        put(object, "value", record.value());
        ArrayNode headers = object.putArray("headers");
        for (Header header : record.headers()) {
            put(headers.addObject().put("key", header.key()), "value", header.value());
        }
        out.write(MAPPER.writeValueAsBytes(object));
        out.write('\n');
    }

    private static void put(ObjectNode object, String name, byte[] bytes) {
        if (bytes == null) {
            object.putNull(name);
            return;
        }
        try {
            object.put(name, UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            object.put(name + "Base64", bytes);
        }
    }
}
