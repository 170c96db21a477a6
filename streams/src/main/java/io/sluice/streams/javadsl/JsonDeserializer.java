package io.sluice.streams.javadsl;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads objects from JSON, with Jackson. Null stays null: a tombstone. Safe for any thread. */
public final class JsonDeserializer<T> implements Deserializer<T> {

    private final ObjectReader reader;

    /**
     * @param mapper knows how the objects are read
     * @param type what they are
     */
    public JsonDeserializer(ObjectMapper mapper, Class<T> type) {
        this.reader = mapper.readerFor(type);
    }

    /**
     * @param mapper knows how the objects are read
     * @param type what they are, where that is generic
     */
    public JsonDeserializer(ObjectMapper mapper, TypeReference<T> type) {
        this.reader = mapper.readerFor(type);
    }

    @Override
    public T deserialize(String topic, byte[] json) {
        try {
            return json == null ? null : reader.readValue(json);
        } catch (IOException e) {
            throw new SerializationException("a record of " + topic + " is not the JSON expected", e);
        }
    }
}
