package io.sluice.streams.javadsl;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** What a source reads. A subscription is immutable and can be used for many sources. */
public final class Subscriptions {

    private Subscriptions() {
    }

    /** How a consumer begins; called on its thread, and may block within the client's time limits. */
    @FunctionalInterface
    interface Beginning {
        void begin(Consumer<?, ?> consumer, ConsumerRebalanceListener rebalances);
    }

    /** What a source reads. */
    public abstract static sealed class Subscription permits AutoSubscription, ManualSubscription {
        private final Beginning beginning;

        private Subscription(Beginning beginning) {
            this.beginning = beginning;
        }

        final void begin(Consumer<?, ?> consumer, ConsumerRebalanceListener rebalances) {
            beginning.begin(consumer, rebalances);
        }
    }

    /** The group decides which partitions the source reads; it needs {@code group.id}. */
    public static final class AutoSubscription extends Subscription {
        private AutoSubscription(Beginning beginning) {
            super(beginning);
        }
    }

    /** The source reads the partitions named, whoever else does. */
    public static final class ManualSubscription extends Subscription {
        private ManualSubscription(Beginning beginning) {
            super(beginning);
        }
    }

    /** The group's share of some topics. */
    public static AutoSubscription topics(String... topics) {
        return topics(Set.of(topics));
    }

    /** The group's share of some topics. */
    public static AutoSubscription topics(Set<String> topics) {
        Set<String> names = Set.copyOf(topics);
        return new AutoSubscription((consumer, rebalances) -> consumer.subscribe(names, rebalances));
    }

    /**
     * The group's share of all topics whose whole name matches, those to come included.
     *
     * @throws java.util.regex.PatternSyntaxException if it is no regular expression
     */
    public static AutoSubscription topicPattern(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return new AutoSubscription((consumer, rebalances) -> consumer.subscribe(compiled, rebalances));
    }

    /** Partitions, from the offsets committed for the group if there are any, else from where {@code auto.offset.reset} says. */
    public static ManualSubscription assignment(TopicPartition... partitions) {
        return assignment(Set.of(partitions));
    }

    /** Partitions, from the offsets committed for the group if there are any, else from where {@code auto.offset.reset} says. */
    public static ManualSubscription assignment(Set<TopicPartition> partitions) {
        Set<TopicPartition> assigned = Set.copyOf(partitions);
        return new ManualSubscription((consumer, rebalances) -> consumer.assign(assigned));
    }

    /** One partition from an offset. */
    public static ManualSubscription assignmentWithOffset(TopicPartition partition, long offset) {
        return assignmentWithOffset(Map.of(partition, offset));
    }

    /** Partitions, each from an offset of its own. */
    public static ManualSubscription assignmentWithOffset(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> from = Map.copyOf(offsets);
        return new ManualSubscription((consumer, rebalances) -> {
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
        });
    }

    /** One partition from its first record at or after a time, in milliseconds since the epoch. */
    public static ManualSubscription assignmentOffsetsForTimes(TopicPartition partition, long timestamp) {
        return assignmentOffsetsForTimes(Map.of(partition, timestamp));
    }

    /** Partitions, each from its first record at or after a time, in milliseconds since the epoch; from its end if it has none. */
    public static ManualSubscription assignmentOffsetsForTimes(Map<TopicPartition, Long> timestamps) {
        Map<TopicPartition, Long> from = Map.copyOf(timestamps);
        return new ManualSubscription((consumer, rebalances) -> {
            consumer.assign(from.keySet());
            seek(consumer, from.keySet(), consumer.offsetsForTimes(from));
        });
    }

    private static void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions,
            Map<TopicPartition, OffsetAndTimestamp> offsets) {
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp offset = offsets.get(partition); // null if there is no such record
            if (offset == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, offset.offset());
            }
        }
    }
}
