package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.Consumer.Control;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** The blueprint of a {@link ConsumerStageLogic}. */
final class ConsumerStage<K, V, E>
        extends
            AbstractGraphStageWithMaterializedValue<SourceShape<E>, Control> {

    private final Outlet<E> out = Outlet.create("Consumer.out");
    private final SourceShape<E> shape = SourceShape.of(out);
    private final ConsumerSettings<K, V> settings;
    private final Subscriptions.Subscription subscription;
    private final Element<K, V, E> element;
    private final boolean committable;

    /**
     * @param element what it emits
     * @param committable whether what is emitted is going to be committed
     */
    ConsumerStage(ConsumerSettings<K, V> settings, Subscriptions.Subscription subscription, Element<K, V, E> element,
            boolean committable) {
        this.settings = settings;
        this.subscription = subscription;
        this.element = element;
        this.committable = committable;
    }

    @Override
    public SourceShape<E> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Control> createLogicAndMaterializedValuePair(Attributes attributes) {
        var logic = new ConsumerStageLogic<>(shape, settings, subscription, element, committable);
        return Pair.create(logic, logic.control());
    }
}
