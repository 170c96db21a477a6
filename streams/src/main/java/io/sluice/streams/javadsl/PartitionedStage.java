package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.Consumer.Control;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** The blueprint of a {@link PartitionedStageLogic}. */
final class PartitionedStage<K, V, E>
        extends
            AbstractGraphStageWithMaterializedValue<SourceShape<Pair<TopicPartition, Source<E, NotUsed>>>, Control> {

    private final Outlet<Pair<TopicPartition, Source<E, NotUsed>>> out = Outlet
            .create("PartitionedConsumer.out");
    private final SourceShape<Pair<TopicPartition, Source<E, NotUsed>>> shape = SourceShape
            .of(out);
    private final ConsumerSettings<K, V> settings;
    private final Subscriptions.Subscription subscription;
    private final Element<K, V, E> element;
    private final boolean committable;

    /**
     * @param element what its sources emit
     * @param committable whether what is emitted is going to be committed
     */
    PartitionedStage(ConsumerSettings<K, V> settings, Subscriptions.Subscription subscription, Element<K, V, E> element,
            boolean committable) {
        this.settings = settings;
        this.subscription = subscription;
        this.element = element;
        this.committable = committable;
    }

    @Override
    public SourceShape<Pair<TopicPartition, Source<E, NotUsed>>> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Control> createLogicAndMaterializedValuePair(Attributes attributes) {
        var logic = new PartitionedStageLogic<>(shape, settings, subscription, element, committable);
        return Pair.create(logic, logic.control());
    }
}
