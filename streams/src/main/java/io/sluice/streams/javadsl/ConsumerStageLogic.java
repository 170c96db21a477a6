package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.Consumer.Control;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.Done;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AsyncCallback;

/** One run of a source over all partitions of its consumer together. */
final class ConsumerStageLogic<K, V> extends RecordSourceLogic<K, V> {

    private final ConsumerLoop<K, V> loop;
    private final SourceLife life;
    private final Control control;

    ConsumerStageLogic(SourceShape<CommittableMessage<K, V>> shape, ConsumerSettings<K, V> settings,
            Subscriptions.Subscription subscription, boolean committable) {
        super(shape);
        AsyncCallback<Optional<Throwable>> ended = createAsyncCallback(
                failure -> failure.ifPresentOrElse(this::failStage, this::completeStage));
        loop = new ConsumerLoop<>(settings, subscription, new Receiver<>() {
            @Override
            public boolean wants(OwnedPartition partition) {
                return isWanting();
            }

            @Override
            public void assigned(List<OwnedPartition> partitions) {
                // their records say where they come from
            }

            @Override
            public void lost(List<OwnedPartition> partitions) {
                // the buffer sees it
            }

            @Override
            public void records(Map<OwnedPartition, List<ConsumerRecord<K, V>>> records) {
                give(records);
            }

            @Override
            public void ended(Throwable failure) {
                ended.invoke(Optional.ofNullable(failure));
            }
        });
        life = new SourceLife(committable);
        AsyncCallback<Done> stop = createAsyncCallback(done -> {
            life.stoppedByControl();
            completeStage();
        });
        control = new LoopControl<>(loop, () -> stop.invoke(Done.getInstance()), life.stopped());
    }

    Control control() {
        return control;
    }

    @Override
    public void preStart() {
        loop.start();
    }

    @Override
    void demand() {
        loop.demand();
    }

    @Override
    void cancelled(Throwable cause) {
        life.cancelled(cause);
    }

    @Override
    public void postStop() {
        life.ended(loop);
    }
}
