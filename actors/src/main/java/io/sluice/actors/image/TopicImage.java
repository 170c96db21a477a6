package io.sluice.actors.image;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * A topic as every node knows it.
 *
 * @param id the topic's id; a topic made anew under the same name has another
 * @param name its name
 * @param replicas for each partition, in order, the ids of the nodes that hold it, preferred leader first
 * @param configs settings that were set on the topic itself, by their Kafka names
 */
public record TopicImage(Uuid id, String name, List<List<Integer>> replicas, Map<String, String> configs) {

    public TopicImage {
        replicas = List.copyOf(replicas);
        configs = Map.copyOf(configs);
    }

    /** Number of partitions. */
    public int partitionCount() {
        return replicas.size();
    }

    /** Whether the topic has this partition. */
    public boolean hasPartition(int partition) {
        return partition >= 0 && partition < replicas.size();
    }
}
