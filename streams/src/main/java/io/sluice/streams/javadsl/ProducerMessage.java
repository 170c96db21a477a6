package io.sluice.streams.javadsl;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** What goes through {@link Producer#flexiFlow}: any number of records, and something that passes through beside them, as a rule the offset to commit. */
public final class ProducerMessage {

    private ProducerMessage() {
    }

    /**
     * Records to produce.
     *
     * @param records in their order; none is allowed
     * @param passThrough comes out again once all of them are stored; may be null
     */
    public record Envelope<K, V, P>(List<ProducerRecord<K, V>> records, P passThrough) {
        public Envelope {
            records = List.copyOf(records);
        }
    }

    /**
     * Records that are stored.
     *
     * @param metadata where each of them is, in the envelope's order
     * @param passThrough the envelope's
     */
    public record Results<P>(List<RecordMetadata> metadata, P passThrough) {}

    /** One record. */
    public static <K, V, P> Envelope<K, V, P> single(ProducerRecord<K, V> record, P passThrough) {
        return new Envelope<>(List.of(record), passThrough);
    }

    /** Some records; what passes through follows the last of them. */
    public static <K, V, P> Envelope<K, V, P> multi(List<ProducerRecord<K, V>> records, P passThrough) {
        return new Envelope<>(records, passThrough);
    }

    /** No record: nothing to say about this element, but its offset is to be committed in its turn. */
    public static <K, V, P> Envelope<K, V, P> passThrough(P passThrough) {
        return new Envelope<>(List.of(), passThrough);
    }
}
