package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.ConsumerMessage.Committable;
import io.sluice.streams.javadsl.ProducerMessage.Envelope;
import io.sluice.streams.javadsl.ProducerMessage.Results;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Flows and sinks that produce. Each run has a producer of its own; records are sent in the order they come, and results come in that order. At most
 * {@link ProducerSettings#withParallelism} envelopes are on their way. The first record that cannot be stored fails the stream.
 */
public final class Producer {

    private Producer() {
    }

    /** Produces envelopes; emits each when all its records are stored. */
    public static <K, V, P> Flow<Envelope<K, V, P>, Results<P>, NotUsed> flexiFlow(ProducerSettings<K, V> settings) {
        return Flow.<Envelope<K, V, P>, Results<P>, NotUsed>fromMaterializer((materializer, attributes) -> {
            var blocking = materializer.system().dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
            var sender = new RecordSender<>(settings);
            return Flow.<Envelope<K, V, P>>create()
                    .mapAsync(settings.parallelism(), sender::send)
                    .watchTermination((notUsed, done) -> {
                        done.whenCompleteAsync((end, failure) -> sender.close(), blocking);
                        return notUsed;
                    });
        }).withAttributes(ActorAttributes.dispatcher(Dispatchers.DefaultBlockingDispatcherId())) // sending may wait for metadata or memory
                .async().mapMaterializedValue(lazy -> NotUsed.getInstance());
    }

    /** Produces records; completes when all of them are stored, fails if the stream or a record does. */
    public static <K, V> Sink<ProducerRecord<K, V>, CompletionStage<Done>> plainSink(ProducerSettings<K, V> settings) {
        return Flow.<ProducerRecord<K, V>>create()
                .map(record -> ProducerMessage.<K, V, NotUsed>single(record, NotUsed.getInstance()))
                .via(flexiFlow(settings)).toMat(Sink.ignore(), Keep.right());
    }

    /** Produces envelopes and commits, in batches, the offsets that pass through them: at least once from topic to topic. */
    public static <K, V, C extends Committable> Sink<Envelope<K, V, C>, CompletionStage<Done>> committableSink(
            ProducerSettings<K, V> settings, CommitterSettings committer) {
        return Flow.<Envelope<K, V, C>>create().via(Producer.<K, V, C>flexiFlow(settings)).map(Results::passThrough)
                .toMat(Committer.sink(committer), Keep.right());
    }
}
