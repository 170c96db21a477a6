package io.sluice.streams.node;

import com.typesafe.config.Config;
import io.sluice.streams.LocalLogs;
import io.sluice.streams.javadsl.ConsumerSettings;
import io.sluice.streams.javadsl.ProducerSettings;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.pekko.actor.ActorSystem;

/**
 * The node that streams run in. Safe for any thread.
 *
 * @param system the node's actor system; what blocks must not run on its dispatchers
 * @param bootstrap the node's own listener, {@code host:port}
 * @param logs the logs that the node leads
 * @param settings what was set under {@code sluice.streams.settings}, for the applications
 */
public record NodeStreams(ActorSystem system, String bootstrap, LocalLogs logs, Config settings) {

    /** Settings for sources: they begin at this node, and read partitions that it leads from its logs. As {@link ConsumerSettings#create}. */
    public <K, V> ConsumerSettings<K, V> consumer(Deserializer<K> keys, Deserializer<V> values) {
        return ConsumerSettings.create(keys, values).withBootstrapServers(bootstrap).withLocalLogs(logs);
    }

    /** Settings for flows and sinks: they begin at this node. As {@link ProducerSettings#create}. */
    public <K, V> ProducerSettings<K, V> producer(Serializer<K> keys, Serializer<V> values) {
        return ProducerSettings.create(keys, values).withBootstrapServers(bootstrap);
    }
}
