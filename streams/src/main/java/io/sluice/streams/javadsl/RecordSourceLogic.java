package io.sluice.streams.javadsl;

import java.util.Map;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** Emits records on demand; asks the consumer for more only when it has none left and is pulled. */
abstract class RecordSourceLogic<K, V, E> extends GraphStageLogic {

    private final SourceShape<E> shape;
    private final RecordBuffer<K, V, E> buffer;
    private final AsyncCallback<Map<OwnedPartition, FedRecords<K, V>>> arrived;
    private volatile boolean wanting;

    RecordSourceLogic(SourceShape<E> shape, Element<K, V, E> element) {
        super(shape);
        this.buffer = new RecordBuffer<>(element);
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
        E element = buffer.next();
        if (element == null) {
            wanting = true;
            demand();
        } else {
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
