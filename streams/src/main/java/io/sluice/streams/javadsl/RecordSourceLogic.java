package io.sluice.streams.javadsl;

import java.util.Map;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Emits records on demand. When it is pulled and has no more than what one poll brought, it asks the consumer for another, so that the consumer reads while
 * the stream works.
 */
abstract class RecordSourceLogic<K, V, E> extends GraphStageLogic {

    private final SourceShape<E> shape;
    private final RecordBuffer<K, V, E> buffer;
    private final AsyncCallback<Map<OwnedPartition, FedRecords<K, V>>> arrived;
    private boolean asked;
    private volatile boolean wanting;

    RecordSourceLogic(SourceShape<E> shape, Element<K, V, E> element) {
        super(shape);
        this.buffer = new RecordBuffer<>(element);
        this.shape = shape;
        this.arrived = createAsyncCallback(records -> {
            asked = false;
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
        E element = buffer.next();
        if (!asked && !buffer.hasAhead()) {
            asked = true;
            wanting = true;
            demand();
        }
        if (element != null) {
            push(shape.out(), element);
        }
    }

    /** Gives back what it holds; to be called when the source has ended. */
    final void release() {
        buffer.clear();
    }

    /** Whether it waits for records. Any thread. */
    public final boolean isWanting() {
        return wanting;
    }

    /** Takes the records it waited for. Any thread. */
    public final void give(Map<OwnedPartition, FedRecords<K, V>> records) {
        wanting = false;
        arrived.invoke(records);
    }
}
