package io.sluice.streams.javadsl;

import java.time.Duration;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Where a consumer goes on in its partitions. Used on the consumer's thread. */
interface Positions {

    /** The offset of the next record, or empty if the consumer does not know yet where to begin. */
    OptionalLong next(TopicPartition partition);

    /** Sets the offset of the next record. */
    void move(TopicPartition partition, long offset);

    /** Those of a consumer of kafka-clients, which finds out where to begin while it polls. */
    static Positions of(Consumer<?, ?> consumer) {
        return new Positions() {
            @Override
            public OptionalLong next(TopicPartition partition) {
                try {
                    return OptionalLong
                            .of(Wakeup.undisturbed(() -> consumer.position(partition, Duration.ZERO)));
                } catch (TimeoutException e) {
                    return OptionalLong.empty();
                }
            }

            @Override
            public void move(TopicPartition partition, long offset) {
                consumer.seek(partition, offset);
            }
        };
    }
}
