package io.sluice;

import io.sluice.streams.javadsl.CommitterSettings;
import io.sluice.streams.javadsl.Consumer;
import io.sluice.streams.javadsl.Consumer.DrainingControl;
import io.sluice.streams.javadsl.Producer;
import io.sluice.streams.javadsl.ProducerMessage;
import io.sluice.streams.javadsl.Subscriptions;
import io.sluice.streams.node.NodeStreams;
import io.sluice.streams.node.StreamApplication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.RunnableGraph;

/** The example of {@code docs/streams.md} that runs inside a node. */
public final class WordCount implements StreamApplication {

    @Override
    public List<RunnableGraph<? extends DrainingControl<?>>> streams(NodeStreams node) {
        var consumer = node.consumer(new StringDeserializer(), new StringDeserializer()).withGroupId("word-count")
                .withProperty("auto.offset.reset", "earliest");
        var producer = node.producer(new StringSerializer(), new StringSerializer());
        String counts = node.settings().getString("word-count.to");
        return List.of(Consumer
                .committableSource(consumer, Subscriptions.topics(node.settings().getString("word-count.from")))
                .statefulMap(HashMap<String, Long>::new, (seen, message) -> {
                    List<ProducerRecord<String, String>> changed = new ArrayList<>();
                    for (String word : message.record().value().toLowerCase(Locale.ROOT).split("\\W+", 0)) {
                        changed.add(new ProducerRecord<>(counts, word, seen.merge(word, 1L, Long::sum).toString()));
                    }
                    return Pair.create(seen, ProducerMessage.multi(changed, message.committableOffset()));
                }, seen -> Optional.empty())
                .toMat(Producer.committableSink(producer, CommitterSettings.create()),
                        Consumer::createDrainingControl));
    }
}
