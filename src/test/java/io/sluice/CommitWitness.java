package io.sluice;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** An interceptor of consumers that remembers what they have committed: the highest offset of each partition that the coordinator acknowledged. */
public final class CommitWitness implements ConsumerInterceptor<String, String> {

    private static final Map<TopicPartition, Long> COMMITTED = new ConcurrentHashMap<>();

    /** The highest offset committed; 0 if there is none. */
    static long committed(TopicPartition partition) {
        return COMMITTED.getOrDefault(partition, 0L);
    }

    @Override
    public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> COMMITTED.merge(partition, offset.offset(), Math::max));
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // nothing to configure
    }

    @Override
    public void close() {
        // what was seen stays
    }
}
