package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.LoadProducer.Acknowledged;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Compares what {@link LoadProducer}s were told with what is there in the end. */
final class Ledger {

    private Ledger() {
    }

    /**
     * Fails unless every record that was sent was acknowledged and is there once, at the place its acknowledgement named, each producer's
     * records are in its order, and nothing else is there.
     *
     * @param producers finished ones; nobody else may have written
     * @param records all that is in the topic's partitions, in the order of each
     */
    static void verify(List<LoadProducer> producers, List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Acknowledged> found = new HashMap<>();
        Set<String> twice = new HashSet<>();
        Map<String, Long> lastNumbers = new HashMap<>();
        Map<Integer, Long> nextOffsets = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String value = new String(record.value(), UTF_8);
            if (found.put(value, new Acknowledged(value, record.partition(), record.offset())) != null) {
                twice.add(value);
            }
            int dash = value.indexOf('-');
            long number = Long.parseLong(value.substring(dash + 1));
            Long last = lastNumbers.put(value.substring(0, dash) + "/" + record.partition(), number);
            assertThat(last == null || last < number).as("%s comes after number %s", record, last).isTrue();
            Long expectedOffset = nextOffsets.put(record.partition(), record.offset() + 1);
            assertThat(record.offset()).as("no gap in the offsets")
                    .isEqualTo(expectedOffset == null ? 0 : expectedOffset);
        }
        assertThat(twice).as("records that are there twice").isEmpty();
        for (LoadProducer producer : producers) {
            assertThat(producer.failures()).isEmpty();
            assertThat(producer.acknowledged()).hasSize((int) producer.sent())
                    .allSatisfy(acknowledged -> assertThat(found.get(acknowledged.value()))
                            .isEqualTo(acknowledged.at(found.get(acknowledged.value()))));
        }
        assertThat(found).hasSize(producers.stream().mapToInt(LoadProducer::acknowledgedCount).sum());
    }
}
