package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.SubscriptionWithCancelException;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** The source of one partition, for as long as the consumer has it. */
final class SubSourceStage<K, V> extends GraphStage<SourceShape<CommittableMessage<K, V>>> {

    private final Outlet<CommittableMessage<K, V>> out = Outlet.create("Partition.out");
    private final SourceShape<CommittableMessage<K, V>> shape = SourceShape.of(out);
    private final OwnedPartition partition;
    private final SubSources<K, V> siblings;

    SubSourceStage(OwnedPartition partition, SubSources<K, V> siblings) {
        this.partition = partition;
        this.siblings = siblings;
    }

    @Override
    public SourceShape<CommittableMessage<K, V>> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends RecordSourceLogic<K, V> implements SubSources.SubSource<K, V> {

        private final AsyncCallback<Optional<Throwable>> ended = createAsyncCallback(
                failure -> failure.ifPresentOrElse(this::failStage, this::completeStage));

        private Logic() {
            super(shape);
        }

        @Override
        public void preStart() {
            if (!siblings.enter(partition, this)) {
                throw new IllegalStateException("the source of " + partition + " runs already");
            }
            if (!partition.isHeld()) { // before it was entered
                completeStage();
            }
        }

        @Override
        void demand() {
            siblings.demand();
        }

        @Override
        void cancelled(Throwable cause) {
            if (!(cause instanceof SubscriptionWithCancelException.NonFailureCancellation)) {
                siblings.failAll(cause);
            }
        }

        @Override
        public void end(Optional<Throwable> failure) {
            ended.invoke(failure);
        }

        @Override
        public void postStop() {
            siblings.leave(partition, this);
        }
    }
}
