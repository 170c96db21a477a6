package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.Consumer.Control;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** One run of a source of sources: it emits one for each partition that is assigned, and ends with all of them. */
final class PartitionedStageLogic<K, V, E> extends GraphStageLogic {

    private final SourceShape<Pair<TopicPartition, Source<E, NotUsed>>> shape;
    private final Element<K, V, E> element;
    private final ConsumerLoop<K, V> loop;
    private final SubSources<K, V> subSources;
    private final SourceLife life;
    private final Control control;
    private final Queue<OwnedPartition> waiting = new ArrayDeque<>(); // bounded by the partitions: those lost are taken out

    PartitionedStageLogic(SourceShape<Pair<TopicPartition, Source<E, NotUsed>>> shape,
            ConsumerSettings<K, V> settings, Subscriptions.Subscription subscription, Element<K, V, E> element,
            boolean committable) {
        super(shape);
        this.shape = shape;
        this.element = element;
        AsyncCallback<List<OwnedPartition>> assigned = createAsyncCallback(this::assigned);
        AsyncCallback<Optional<Throwable>> ended = createAsyncCallback(this::ended);
        loop = new ConsumerLoop<>(settings, subscription, new Receiver<>() {
            @Override
            public boolean wants(OwnedPartition partition) {
                return subSources.wants(partition);
            }

            @Override
            public void assigned(List<OwnedPartition> partitions) {
                assigned.invoke(partitions);
            }

            @Override
            public void lost(List<OwnedPartition> partitions) {
                partitions.forEach(subSources::lost);
            }

            @Override
            public void records(Map<OwnedPartition, FedRecords<K, V>> records) {
                subSources.give(records);
            }

            @Override
            public void ended(Throwable failure) {
                ended.invoke(Optional.ofNullable(failure));
            }
        });
        subSources = new SubSources<>(loop::demand, failure -> ended.invoke(Optional.of(failure)));
        life = new SourceLife(committable);
        AsyncCallback<Done> stop = createAsyncCallback(done -> {
            life.stoppedByControl();
            ended(Optional.empty());
        });
        control = new LoopControl<>(loop, () -> stop.invoke(Done.getInstance()), life.stopped());
        setHandler(shape.out(), new AbstractOutHandler() {
            @Override
            public void onPull() {
                emit();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) throws Exception {
                life.cancelled(cause);
                super.onDownstreamFinish(cause);
            }
        });
    }

    Control control() {
        return control;
    }

    @Override
    public void preStart() {
        loop.start();
    }

    private void assigned(List<OwnedPartition> partitions) {
        waiting.removeIf(partition -> !partition.isHeld());
        waiting.addAll(partitions);
        if (isAvailable(shape.out())) {
            emit();
        }
    }

    private void emit() {
        OwnedPartition partition = waiting.poll();
        while (partition != null && !partition.isHeld()) {
            partition = waiting.poll();
        }
        if (partition != null) {
            push(shape.out(), Pair.create(partition.partition(),
                    Source.fromGraph(new SubSourceStage<>(partition, subSources, element))));
        }
    }

    private void ended(Optional<Throwable> failure) {
        subSources.endAll(failure);
        failure.ifPresentOrElse(this::failStage, this::completeStage);
    }

    @Override
    public void postStop() {
        subSources.endAll(Optional.empty());
        life.ended(loop);
    }
}
