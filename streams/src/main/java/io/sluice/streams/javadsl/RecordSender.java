package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.ProducerMessage.Envelope;
import io.sluice.streams.javadsl.ProducerMessage.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Sends the records of envelopes; used by one stage at a time, on a dispatcher that may be blocked. */
final class RecordSender<K, V> {

    private final Producer<K, V> producer;
    private final ProducerSettings<K, V> settings;

    RecordSender(ProducerSettings<K, V> settings) {
        this.settings = settings;
        this.producer = settings.createProducer();
    }

    /** Completes on the producer's thread when all records are stored; fails with the first failure. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told the same
    <P> CompletionStage<Results<P>> send(Envelope<K, V, P> envelope) {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>(envelope.records().size());
        for (ProducerRecord<K, V> record : envelope.records()) {
            CompletableFuture<RecordMetadata> stored = new CompletableFuture<>();
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    stored.complete(metadata);
                } else {
                    stored.completeExceptionally(failure);
                }
            });
            sent.add(stored);
        }
        return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).thenApply(all -> new Results<>(
                sent.stream().map(CompletableFuture::join).toList(), envelope.passThrough()));
    }

    /** Waits for what is on its way, within the close timeout. */
    void close() {
        producer.close(settings.closeTimeout());
    }
}
