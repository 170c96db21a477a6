package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.ConsumerMessage.CommittableMessage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** Emits records on demand; asks the consumer for more only when it has none left and is pulled. */
abstract class RecordSourceLogic<K, V> extends GraphStageLogic {

    private final SourceShape<CommittableMessage<K, V>> shape;
    private final RecordBuffer<K, V> buffer = new RecordBuffer<>();
    private final AsyncCallback<Map<OwnedPartition, List<ConsumerRecord<K, V>>>> arrived;
    private volatile boolean wanting;

    RecordSourceLogic(SourceShape<CommittableMessage<K, V>> shape) {
        super(shape);
        this.shape = shape;
        this.arrived = createAsyncCallback(records -> {
            buffer.add(records);
            if (isAvailable(shape.out())) {
                answer();
            }
        });
        setHandler(shape.out(), new AbstractOutHandler() {
            @Override
            public void onPull() {
                answer();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) throws Exception {
                cancelled(cause);
                super.onDownstreamFinish(cause);
            }
        });
    }

    /** Has the consumer look what is wanted. */
    abstract void demand();

    /** The stream has cancelled this source. */
    abstract void cancelled(Throwable cause);

    private void answer() {
        CommittableMessage<K, V> message = buffer.next();
        if (message == null) {
            wanting = true;
            demand();
        } else {
            push(shape.out(), message);
        }
    }

    /** Whether it waits for records. Any thread. */
    public final boolean isWanting() {
        return wanting;
    }

    /** Takes the records it waited for. Any thread. */
    public final void give(Map<OwnedPartition, List<ConsumerRecord<K, V>>> records) {
        wanting = false;
        arrived.invoke(records);
    }
}
