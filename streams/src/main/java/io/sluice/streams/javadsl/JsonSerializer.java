package io.sluice.streams.javadsl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/** Writes objects as JSON, with Jackson. Null stays null: a tombstone. Safe for any thread. */
public final class JsonSerializer<T> implements Serializer<T> {

    private final ObjectWriter writer;

    /** @param mapper knows how the objects are written */
    public JsonSerializer(ObjectMapper mapper) {
        this.writer = mapper.writer();
    }

    @Override
    public byte[] serialize(String topic, T value) {
        try {
            return value == null ? null : writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new SerializationException("cannot write a " + value.getClass().getName() + " as JSON for " + topic,
                    e);
        }
    }
}
