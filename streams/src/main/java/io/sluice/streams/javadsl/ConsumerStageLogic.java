package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.Consumer.Control;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AsyncCallback;

/** One run of a source over all partitions of its consumer together. */
final class ConsumerStageLogic<K, V, E> extends RecordSourceLogic<K, V, E> {

    private final ConsumerLoop<K, V> loop;
    private final SourceLife life;
    private final Control control;

    ConsumerStageLogic(SourceShape<E> shape, ConsumerSettings<K, V> settings,
            Subscriptions.Subscription subscription, Element<K, V, E> element,
            boolean committable) {
        super(shape, element);
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
            public void records(Map<OwnedPartition, FedRecords<K, V>> records) {
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
        release();
        life.ended(loop);
    }
}
