package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.Consumer.Control;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
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
final class PartitionedStage<K, V>
        extends
            AbstractGraphStageWithMaterializedValue<SourceShape<Pair<TopicPartition, Source<CommittableMessage<K, V>, NotUsed>>>, Control> {

    private final Outlet<Pair<TopicPartition, Source<CommittableMessage<K, V>, NotUsed>>> out = Outlet
            .create("PartitionedConsumer.out");
    private final SourceShape<Pair<TopicPartition, Source<CommittableMessage<K, V>, NotUsed>>> shape = SourceShape
            .of(out);
    private final ConsumerSettings<K, V> settings;
    private final Subscriptions.Subscription subscription;
    private final boolean committable;

    /** @param committable whether what is emitted is going to be committed */
    PartitionedStage(ConsumerSettings<K, V> settings, Subscriptions.Subscription subscription, boolean committable) {
        this.settings = settings;
        this.subscription = subscription;
        this.committable = committable;
    }

    @Override
    public SourceShape<Pair<TopicPartition, Source<CommittableMessage<K, V>, NotUsed>>> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Control> createLogicAndMaterializedValuePair(Attributes attributes) {
        var logic = new PartitionedStageLogic<>(shape, settings, subscription, committable);
        return Pair.create(logic, logic.control());
    }
}
