package io.sluice.actors.image;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * A topic as every node knows it.
 *
 * @param id the topic's id; a topic made anew under the same name has another
 * @param name its name
 * @param replicas for each partition, in order, the ids of the nodes that hold it, preferred leader first
 * @param configurations what else is to be known of replicas, by partition; a partition that is missing has {@link PartitionConfiguration#FIRST}
 * @param configs settings that were set on the topic itself, by their Kafka names
 */
public record TopicImage(Uuid id, String name, List<List<Integer>> replicas,
        Map<Integer, PartitionConfiguration> configurations, Map<String, String> configs) {

    public TopicImage {
        replicas = List.copyOf(replicas);
        configurations = Map.copyOf(configurations);
        configs = Map.copyOf(configs);
    }

    /** A topic whose replicas never changed. */
    public TopicImage(Uuid id, String name, List<List<Integer>> replicas, Map<String, String> configs) {
        this(id, name, replicas, Map.of(), configs);
    }

    /** Number of partitions. */
    public int partitionCount() {
        return replicas.size();
    }

    /** Whether the topic has this partition. */
    public boolean hasPartition(int partition) {
        return partition >= 0 && partition < replicas.size();
    }

    /** The version and the goal of a partition's replicas. */
    public PartitionConfiguration configuration(int partition) {
        return configurations.getOrDefault(partition, PartitionConfiguration.FIRST);
    }

    /** The nodes that hold a partition, and those that are about to. */
    public List<Integer> replicasAndTarget(int partition) {
        List<Integer> target = configuration(partition).target();
        if (target.isEmpty()) {
            return replicas.get(partition);
        }
        Set<Integer> all = new LinkedHashSet<>(replicas.get(partition));
        all.addAll(target);
        return List.copyOf(all);
    }

    /** The replicas that a partition has once it is not being moved any more. */
    public List<Integer> goal(int partition) {
        List<Integer> target = configuration(partition).target();
        return target.isEmpty() ? replicas.get(partition) : target;
    }

    /** With other settings. */
    public TopicImage withConfigs(Map<String, String> now) {
        return new TopicImage(id, name, replicas, configurations, now);
    }

    /** With more partitions. */
    public TopicImage withMore(List<List<Integer>> added) {
        List<List<Integer>> all = new ArrayList<>(replicas);
        all.addAll(added);
        return new TopicImage(id, name, all, configurations, configs);
    }

    /** With other replicas of a partition. */
    public TopicImage withReplicas(int partition, List<Integer> now, PartitionConfiguration configuration) {
        List<List<Integer>> all = new ArrayList<>(replicas);
        all.set(partition, List.copyOf(now));
        Map<Integer, PartitionConfiguration> others = new HashMap<>(configurations);
        if (configuration.equals(PartitionConfiguration.FIRST)) {
            others.remove(partition);
        } else {
            others.put(partition, configuration);
        }
        return new TopicImage(id, name, all, others, configs);
    }
}
