package io.sluice.streams.javadsl;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.SubscriptionWithCancelException;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** The source of one partition, for as long as the consumer has it. */
final class SubSourceStage<K, V, E> extends GraphStage<SourceShape<E>> {

    private final Outlet<E> out = Outlet.create("Partition.out");
    private final SourceShape<E> shape = SourceShape.of(out);
    private final OwnedPartition partition;
    private final SubSources<K, V> siblings;
    private final Element<K, V, E> element;

    SubSourceStage(OwnedPartition partition, SubSources<K, V> siblings, Element<K, V, E> element) {
        this.partition = partition;
        this.siblings = siblings;
        this.element = element;
    }

    @Override
    public SourceShape<E> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends RecordSourceLogic<K, V, E> implements SubSources.SubSource<K, V> {

        private final AsyncCallback<Optional<Throwable>> ended = createAsyncCallback(
                failure -> failure.ifPresentOrElse(this::failStage, this::completeStage));

        private Logic() {
            super(shape, element);
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
            release();
            siblings.leave(partition, this);
        }
    }
}
