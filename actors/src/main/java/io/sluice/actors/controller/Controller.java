package io.sluice.actors.controller;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Administration of the cluster as this node's edge sees it. Every change is an event of the controller (a cluster singleton); a stage completes
 * once the change is durable <em>and</em> this node's image includes it, so a client that asks the same node next sees it. No stage outlives its
 * timeout: it then fails every item with REQUEST_TIMED_OUT. Safe for any thread.
 */
public interface Controller {

    /** What this node knows now. Never null. */
    ClusterImage image();

    /** Creates topics; the answer has each topic as it is (or with {@code validateOnly} would be). */
    CompletionStage<Map<String, AdminResult<TopicImage>>> createTopics(List<NewTopic> topics, boolean validateOnly,
            Duration timeout);

    /**
     * Creates one of the cluster's own topics, unless it is there. Where fewer nodes are up than the replication factor asks for, it gets as many
     * replicas as there are nodes.
     */
    CompletionStage<AdminResult<TopicImage>> createInternalTopic(NewTopic topic, Duration timeout);

    /** Deletes topics by id. */
    CompletionStage<Map<Uuid, AdminResult<TopicImage>>> deleteTopics(List<Uuid> topics, Duration timeout);

    /** Grows topics to a number of partitions. */
    CompletionStage<Map<String, AdminResult<TopicImage>>> createPartitions(List<MorePartitions> topics,
            boolean validateOnly, Duration timeout);

    /**
     * Changes settings of topics (by name) and nodes (by id; the empty name is the cluster-wide default). A null value removes the setting.
     *
     * @param replaceAll whether settings that are not named are removed (AlterConfigs) or kept (IncrementalAlterConfigs)
     */
    CompletionStage<Map<ConfigResource, AdminResult<Void>>> alterConfigs(
            Map<ConfigResource, Map<String, String>> changes, boolean replaceAll, boolean validateOnly,
            Duration timeout);

    /**
     * Moves partitions to other replicas, in the background, or ends that; the answer says that the move was begun.
     *
     * @param allowFactorChange whether a partition may get more or fewer replicas than it has
     */
    CompletionStage<Map<TopicPartition, AdminResult<Void>>> alterReassignments(List<NewReplicas> changes,
            boolean allowFactorChange, Duration timeout);

    /**
     * Replaces the replicas of a partition if version {@code version - 1} of them is in force; if it is not, nothing happens. Either way this node's
     * image has what is in force when the stage completes without an error. For the partition's leader only.
     */
    CompletionStage<AdminResult<Void>> setReplicas(Uuid topic, int partition, int version, List<Integer> replicas,
            Duration timeout);

    /** Takes a node that is dead and holds nothing out of the cluster. */
    CompletionStage<AdminResult<Void>> unregisterNode(int id, Duration timeout);

    /** Tells all nodes which replicas of partitions that this node leads have not caught up: for a replica list, by its shard id, the nodes. Returns at once. */
    void reportLag(Map<String, List<Integer>> lagging);

    /** How the metadata is replicated; fails with a TimeoutException if no controller says so in time. */
    CompletionStage<MetadataQuorum> describeQuorum(Duration timeout);

    /** A producer id that no producer of this cluster ever had; taken from this node's block, a new block is fetched when it is used up. */
    CompletionStage<AdminResult<Long>> nextProducerId();

    /**
     * A topic to create.
     *
     * @param partitions number, or -1 for the default
     * @param replicationFactor number, or -1 for the default
     * @param assignment node ids per partition, or null to let the controller choose
     * @param configs settings by Kafka name
     */
    record NewTopic(String name, int partitions, short replicationFactor, List<List<Integer>> assignment,
            Map<String, String> configs) {

        NewTopic withReplicationFactorUpTo(int most) {
            return replicationFactor <= most ? this : new NewTopic(name, partitions, (short) most, assignment, configs);
        }
    }

    /**
     * A topic to grow.
     *
     * @param total number of partitions it shall have
     * @param assignment node ids for each new partition, or null to let the controller choose
     */
    record MorePartitions(String topic, int total, List<List<Integer>> assignment) {}

    /**
     * A partition to move.
     *
     * @param replicas node ids, preferred leader first, or null to end the move under way
     */
    record NewReplicas(String topic, int partition, List<Integer> replicas) {}
}
