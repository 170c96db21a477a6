package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.Consumer.Control;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** The blueprint of a {@link ConsumerStageLogic}. */
final class ConsumerStage<K, V>
        extends
            AbstractGraphStageWithMaterializedValue<SourceShape<CommittableMessage<K, V>>, Control> {

    private final Outlet<CommittableMessage<K, V>> out = Outlet.create("Consumer.out");
    private final SourceShape<CommittableMessage<K, V>> shape = SourceShape.of(out);
    private final ConsumerSettings<K, V> settings;
    private final Subscriptions.Subscription subscription;
    private final boolean committable;

    /** @param committable whether what is emitted is going to be committed */
    ConsumerStage(ConsumerSettings<K, V> settings, Subscriptions.Subscription subscription, boolean committable) {
        this.settings = settings;
        this.subscription = subscription;
        this.committable = committable;
    }

    @Override
    public SourceShape<CommittableMessage<K, V>> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Control> createLogicAndMaterializedValuePair(Attributes attributes) {
        var logic = new ConsumerStageLogic<>(shape, settings, subscription, committable);
        return Pair.create(logic, logic.control());
    }
}
