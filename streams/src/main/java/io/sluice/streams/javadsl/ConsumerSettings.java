package io.sluice.streams.javadsl;

import io.sluice.streams.LocalLogs;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * How sources consume. Immutable. Every property of kafka-clients can be set, {@code group.protocol} included: both group protocols work.
 * {@code enable.auto.commit} is off unless it is set, and always off for sources that are committed or cannot lose.
 */
public final class ConsumerSettings<K, V> {

    /** The read-ahead where none is given, in bytes. */
    public static final int READ_AHEAD_BYTES = 1024 * 1024;

    private final Map<String, String> properties;
    private final Deserializer<K> keys;
    private final Deserializer<V> values;
    private final Function<ConsumerSettings<K, V>, Consumer<K, V>> factory;
    private final Duration stopTimeout;
    private final Duration commitTimeout;
    private final LocalLogs localLogs;

    private ConsumerSettings(Map<String, String> properties, Deserializer<K> keys, Deserializer<V> values,
            Function<ConsumerSettings<K, V>, Consumer<K, V>> factory, Duration stopTimeout, Duration commitTimeout,
            LocalLogs localLogs) {
        this.properties = Map.copyOf(properties);
        this.keys = keys;
        this.values = values;
        this.factory = factory;
        this.stopTimeout = stopTimeout;
        this.commitTimeout = commitTimeout;
        this.localLogs = localLogs;
    }

    /**
     * Settings with a read-ahead of {@link #READ_AHEAD_BYTES}.
     *
     * @param keys used by all sources with these settings, at times by several threads; closed with each of them: those of kafka-clients do not mind
     * @param values as {@code keys}
     */
    public static <K, V> ConsumerSettings<K, V> create(Deserializer<K> keys, Deserializer<V> values) {
        return new ConsumerSettings<K, V>(Map.of(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"), keys, values,
                ConsumerSettings::kafkaConsumer, Duration.ofSeconds(30), Duration.ofSeconds(15), LocalLogs.NONE)
                .withReadAhead(READ_AHEAD_BYTES);
    }

    private static <K, V> Consumer<K, V> kafkaConsumer(ConsumerSettings<K, V> settings) {
        return new KafkaConsumer<>(new HashMap<>(settings.properties), settings.keys, settings.values);
    }

    /** The addresses of some nodes, {@code host:port} with commas between; in a node, its own listener. */
    public ConsumerSettings<K, V> withBootstrapServers(String servers) {
        return withProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    }

    /** The group that the source is a member of, or commits for. */
    public ConsumerSettings<K, V> withGroupId(String group) {
        return withProperty(ConsumerConfig.GROUP_ID_CONFIG, group);
    }

    /** Sets a property of {@link ConsumerConfig}. */
    public ConsumerSettings<K, V> withProperty(String name, String value) {
        return withProperties(Map.of(name, value));
    }

    /** Sets properties of {@link ConsumerConfig}. */
    public ConsumerSettings<K, V> withProperties(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(properties);
        all.putAll(more);
        return new ConsumerSettings<>(all, keys, values, factory, stopTimeout, commitTimeout, localLogs);
    }

    /**
     * Limits what is fetched before there is demand for it: at most this from each node that leads partitions of the source, as it is stored, beside the
     * records of two polls ({@code max.poll.records}) that the source holds. A record batch larger than this is fetched whole (KIP-74). Sets
     * {@code fetch.max.bytes} and {@code max.partition.fetch.bytes}.
     */
    public ConsumerSettings<K, V> withReadAhead(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("the read-ahead is " + bytes + " bytes, must be at least 1");
        }
        return withProperties(Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, String.valueOf(bytes),
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(bytes)));
    }

    /** How long a committable source that is cancelled stays in its group at most, for what it emitted to be committed. */
    public ConsumerSettings<K, V> withStopTimeout(Duration timeout) {
        return new ConsumerSettings<>(properties, keys, values, factory, timeout, commitTimeout, localLogs);
    }

    /** How long a commit is tried at most before it fails. */
    public ConsumerSettings<K, V> withCommitTimeout(Duration timeout) {
        return new ConsumerSettings<>(properties, keys, values, factory, stopTimeout, timeout, localLogs);
    }

    /**
     * Reads partitions that this node leads from their logs, as sources with the settings of a node do anyway. With {@code interceptor.classes} everything
     * comes through the client, for them to see.
     */
    public ConsumerSettings<K, V> withLocalLogs(LocalLogs logs) {
        return new ConsumerSettings<>(properties, keys, values, factory, stopTimeout, commitTimeout, logs);
    }

    /** Makes consumers in another way; called on the consumer's thread. */
    public ConsumerSettings<K, V> withConsumerFactory(Function<ConsumerSettings<K, V>, Consumer<K, V>> consumers) {
        return new ConsumerSettings<>(properties, keys, values, consumers, stopTimeout, commitTimeout, localLogs);
    }

    /** The properties set so far. */
    public Map<String, String> properties() {
        return properties;
    }

    Consumer<K, V> createConsumer() {
        return factory.apply(this);
    }

    LocalLogs localLogs() {
        return properties.getOrDefault(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, "").isBlank()
                ? localLogs
                : LocalLogs.NONE;
    }

    RecordDeserializer<K, V> deserializer() {
        return new RecordDeserializer<>(keys, values);
    }

    /** In bytes. */
    int readAhead() {
        return Integer.parseInt(properties.get(ConsumerConfig.FETCH_MAX_BYTES_CONFIG));
    }

    Duration stopTimeout() {
        return stopTimeout;
    }

    Duration commitTimeout() {
        return commitTimeout;
    }

    ConsumerSettings<K, V> withoutAutoCommit() {
        return withProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    }
}
