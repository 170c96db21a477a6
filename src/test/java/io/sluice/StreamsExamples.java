package io.sluice;

import io.sluice.streams.javadsl.Committer;
import io.sluice.streams.javadsl.CommitterSettings;
import io.sluice.streams.javadsl.Consumer;
import io.sluice.streams.javadsl.Consumer.DrainingControl;
import io.sluice.streams.javadsl.ConsumerSettings;
import io.sluice.streams.javadsl.Producer;
import io.sluice.streams.javadsl.ProducerMessage;
import io.sluice.streams.javadsl.ProducerSettings;
import io.sluice.streams.javadsl.Subscriptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;

/** The examples of {@code docs/streams.md}; {@link StreamsExamplesTest} runs them and sees that the page shows them as they are. */
final class StreamsExamples {

    private final ActorSystem system;
    private final ConsumerSettings<String, String> consumer;
    private final ProducerSettings<String, String> producer;
    private final CommitterSettings committer;

    StreamsExamples(ActorSystem system, ConsumerSettings<String, String> consumer,
            ProducerSettings<String, String> producer, CommitterSettings committer) {
        this.system = system;
        this.consumer = consumer;
        this.producer = producer;
        this.committer = committer;
    }

    DrainingControl<Done> wordCount(String sentences, String counts) {
        return Consumer.committableSource(consumer, Subscriptions.topics(sentences))
                .statefulMap(HashMap<String, Long>::new, (seen, message) -> {
                    List<ProducerRecord<String, String>> changed = new ArrayList<>();
                    for (String word : message.record().value().toLowerCase(Locale.ROOT).split("\\W+", 0)) {
                        changed.add(new ProducerRecord<>(counts, word, seen.merge(word, 1L, Long::sum).toString()));
                    }
                    return Pair.create(seen, ProducerMessage.multi(changed, message.committableOffset()));
                }, seen -> Optional.empty())
                .toMat(Producer.committableSink(producer, committer), Consumer::createDrainingControl)
                .run(system);
    }

    DrainingControl<Done> enrich(String orders, String enriched,
            Function<String, CompletionStage<String>> customerOf) {
        return Consumer.committableSource(consumer, Subscriptions.topics(orders))
                .mapAsync(8, message -> customerOf.apply(message.record().key())
                        .thenApply(customer -> ProducerMessage.single(
                                new ProducerRecord<>(enriched, customer, message.record().value()),
                                message.committableOffset())))
                .toMat(Producer.committableSink(producer, committer), Consumer::createDrainingControl)
                .run(system);
    }

    DrainingControl<Done> fanOut(String orders, String shipping, String billing) {
        return Consumer.committableSource(consumer, Subscriptions.topics(orders))
                .map(message -> ProducerMessage.multi(
                        List.of(new ProducerRecord<>(shipping, message.record().key(), message.record().value()),
                                new ProducerRecord<>(billing, message.record().key(), message.record().value())),
                        message.committableOffset()))
                .toMat(Producer.committableSink(producer, committer), Consumer::createDrainingControl)
                .run(system);
    }

    DrainingControl<Done> slowSink(String orders, Function<String, CompletionStage<Done>> slowService) {
        return Consumer.committableSource(consumer, Subscriptions.topics(orders))
                .mapAsync(1, message -> slowService.apply(message.record().value())
                        .thenApply(done -> message.committableOffset()))
                .toMat(Committer.sink(committer), Consumer::createDrainingControl)
                .run(system);
    }
}
