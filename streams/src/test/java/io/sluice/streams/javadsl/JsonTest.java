package io.sluice.streams.javadsl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class JsonTest {

    record Order(String id, int amount) {}

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void objectsComeBackAsTheyWere() {
        try (var serializer = new JsonSerializer<Order>(mapper);
                var deserializer = new JsonDeserializer<>(mapper, Order.class)) {
            byte[] json = serializer.serialize("orders", new Order("o1", 3));
            assertThat(json).asString(UTF_8).isEqualTo("{\"id\":\"o1\",\"amount\":3}");
            assertThat(deserializer.deserialize("orders", json)).isEqualTo(new Order("o1", 3));
            assertThat(serializer.serialize("orders", null)).isNull();
            assertThat(deserializer.deserialize("orders", null)).isNull();
        }
        try (var lists = new JsonDeserializer<>(mapper, new TypeReference<List<Order>>() {
        })) {
            assertThat(lists.deserialize("orders", "[{\"id\":\"a\",\"amount\":1}]".getBytes(UTF_8)))
                    .containsExactly(new Order("a", 1));
        }
    }

    @Test
    void whatIsNoJsonIsRefusedWithTheTopic() {
        try (var deserializer = new JsonDeserializer<>(mapper, Order.class);
                var serializer = new JsonSerializer<>(mapper)) {
            assertThatThrownBy(() -> deserializer.deserialize("orders", "{".getBytes(UTF_8)))
                    .isInstanceOf(SerializationException.class).hasMessageContaining("orders");
            assertThatThrownBy(() -> serializer.serialize("orders", new Object()))
                    .isInstanceOf(SerializationException.class).hasMessageContaining("orders");
        }
    }
}
