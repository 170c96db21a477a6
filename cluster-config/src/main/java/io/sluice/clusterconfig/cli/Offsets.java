package io.sluice.clusterconfig.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks a cluster where partitions begin and end. */
final class Offsets {
    /** By topic, then by number. */
    static final Comparator<TopicPartition> IN_ORDER = Comparator.comparing(TopicPartition::topic)
            .thenComparingInt(TopicPartition::partition);

    private Offsets() {
    }

    /** One offset of each partition, such as its first or its end; -1 where a time has none. */
    static Map<TopicPartition, Long> ask(Admin admin, Collection<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, ListOffsetsResultInfo> answers = admin
                .listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), any -> which))).all()
                .get();
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answers.forEach((partition, answer) -> offsets.put(partition, answer.offset()));
        return offsets;
    }

    /** The partitions of topics that have a leader, the only ones that can be asked; topics that are gone are left out. */
    static Set<TopicPartition> led(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        Set<TopicPartition> led = new HashSet<>();
        for (KafkaFuture<TopicDescription> answer : admin.describeTopics(topics).topicNameValues().values()) {
            try {
                led.addAll(led(answer.get()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return led;
    }

    /** The partitions of a topic that have a leader. */
    static Set<TopicPartition> led(TopicDescription topic) {
        return topic.partitions().stream().filter(Offsets::isLed)
                .map(partition -> new TopicPartition(topic.name(), partition.partition())).collect(Collectors.toSet());
    }

    /** Whether a partition has a leader. */
    static boolean isLed(TopicPartitionInfo partition) {
        return partition.leader() != null && !partition.leader().isEmpty();
    }
}
