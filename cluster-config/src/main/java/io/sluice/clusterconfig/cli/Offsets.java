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
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks a cluster where partitions begin and end. */
final class Offsets {
    /** By topic, then by number. */
    static final Comparator<TopicPartition> IN_ORDER = Comparator.comparing(TopicPartition::topic)
            .thenComparingInt(TopicPartition::partition);

    private Offsets() {
    }

    /**
     * One offset of each partition, such as its first or its end; -1 where a time has none.
     *
     * @throws CommandException UNREACHABLE with the partitions whose leader does not answer in time
     */
    static Map<TopicPartition, Long> ask(Admin admin, Collection<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = answered(begin(admin, partitions, which), partitions);
        if (offsets.size() < partitions.size()) {
            throw new CommandException(ExitCode.UNREACHABLE, silent(partitions, offsets.keySet()));
        }
        return offsets;
    }

    /** Asks, and does not wait for the answers. */
    static ListOffsetsResult begin(Admin admin, Collection<TopicPartition> partitions, OffsetSpec which) {
        return admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), any -> which)));
    }

    /** Waits for the answers; partitions whose leader does not answer in time are left out: it may be about to change, or lack other replicas. */
    static Map<TopicPartition, Long> answered(ListOffsetsResult answers, Collection<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            try {
                offsets.put(partition, answers.partitionResult(partition).get().offset());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException)) {
                    throw e;
                }
            }
        }
        return offsets;
    }

    /** Says which partitions did not answer; empty if all did. */
    static String silent(Collection<TopicPartition> partitions, Set<TopicPartition> answered) {
        String silent = partitions.stream().filter(partition -> !answered.contains(partition)).sorted(IN_ORDER)
                .map(TopicPartition::toString).collect(Collectors.joining(", "));
        return silent.isEmpty()
                ? ""
                : "no node leads " + silent + " yet, or it does not answer in time: see whether their replicas are up ("
                        + "sluice cluster), or wait longer with --timeout";
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
