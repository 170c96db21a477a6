package io.sluice.streams.javadsl;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serializer;

/** How flows and sinks produce. Immutable. Every property of kafka-clients can be set. */
public final class ProducerSettings<K, V> {

    private final Map<String, String> properties;
    private final Serializer<K> keys;
    private final Serializer<V> values;
    private final Function<ProducerSettings<K, V>, Producer<K, V>> factory;
    private final int parallelism;
    private final Duration closeTimeout;

    private ProducerSettings(Map<String, String> properties, Serializer<K> keys, Serializer<V> values,
            Function<ProducerSettings<K, V>, Producer<K, V>> factory, int parallelism, Duration closeTimeout) {
        this.properties = Map.copyOf(properties);
        this.keys = keys;
        this.values = values;
        this.factory = factory;
        this.parallelism = parallelism;
        this.closeTimeout = closeTimeout;
    }

    /** Settings with a parallelism of 10,000 and a close timeout of 60 seconds. */
    public static <K, V> ProducerSettings<K, V> create(Serializer<K> keys, Serializer<V> values) {
        return new ProducerSettings<>(Map.of(), keys, values, ProducerSettings::kafkaProducer, 10_000,
                Duration.ofSeconds(60));
    }

    private static <K, V> Producer<K, V> kafkaProducer(ProducerSettings<K, V> settings) {
        return new KafkaProducer<>(new HashMap<>(settings.properties), settings.keys, settings.values);
    }

    /** The addresses of some nodes, {@code host:port} with commas between; in a node, its own listener. */
    public ProducerSettings<K, V> withBootstrapServers(String servers) {
        return withProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    }

    /** Sets a property of {@link ProducerConfig}. */
    public ProducerSettings<K, V> withProperty(String name, String value) {
        return withProperties(Map.of(name, value));
    }

    /** Sets properties of {@link ProducerConfig}. */
    public ProducerSettings<K, V> withProperties(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(properties);
        all.putAll(more);
        return new ProducerSettings<>(all, keys, values, factory, parallelism, closeTimeout);
    }

    /** Limits how many envelopes are on their way at a time; beside that {@code buffer.memory} limits their bytes. */
    public ProducerSettings<K, V> withParallelism(int envelopes) {
        if (envelopes < 1) {
            throw new IllegalArgumentException("the parallelism is " + envelopes + ", must be at least 1");
        }
        return new ProducerSettings<>(properties, keys, values, factory, envelopes, closeTimeout);
    }

    /** How long closing waits for what is on its way, when the stream ends. */
    public ProducerSettings<K, V> withCloseTimeout(Duration timeout) {
        return new ProducerSettings<>(properties, keys, values, factory, parallelism, timeout);
    }

    /** Makes producers in another way. */
    public ProducerSettings<K, V> withProducerFactory(Function<ProducerSettings<K, V>, Producer<K, V>> producers) {
        return new ProducerSettings<>(properties, keys, values, producers, parallelism, closeTimeout);
    }

    /** The properties set so far. */
    public Map<String, String> properties() {
        return properties;
    }

    Producer<K, V> createProducer() {
        return factory.apply(this);
    }

    int parallelism() {
        return parallelism;
    }

    Duration closeTimeout() {
        return closeTimeout;
    }
}
