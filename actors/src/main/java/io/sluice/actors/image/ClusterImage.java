package io.sluice.actors.image;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * What this node knows of the cluster: an immutable snapshot, fed by the controller's events and by membership. Reading it costs no message.
 */
public interface ClusterImage {

    /** Sequence number of the controller event it includes; grows. */
    long version();

    /** The cluster's id, as clients see it; made when the cluster was. */
    String clusterId();

    /** The id of this node. */
    int selfId();

    /** The id of the node that runs the controller, or -1 while none does. */
    int controllerId();

    /** All registered nodes by id, alive or not. */
    Map<Integer, NodeImage> nodes();

    /** All topics. */
    Collection<TopicImage> topics();

    /** The topic of this name. */
    Optional<TopicImage> topic(String name);

    /** The topic with this id. */
    Optional<TopicImage> topic(Uuid id);

    /** The node that leads a partition: the first eligible of its replicas, or -1. */
    int leader(TopicImage topic, int partition);

    /** The node that leads all partitions with this replica list: the first that is alive and has caught up, or -1. */
    int leader(List<Integer> replicas);

    /** The in-sync replicas of a partition. */
    List<Integer> inSyncReplicas(TopicImage topic, int partition);

    /** Settings set on a node at run time, by their Kafka names; node -1 holds the cluster-wide defaults. */
    Map<String, String> nodeConfigs(int node);

    /** Settings of a single consumer group by their Kafka names, and what the group does not set is not there; the group need not exist. */
    Map<String, String> groupConfigs(String group);

    /** Ids of the groups that have settings of their own. */
    Set<String> configuredGroups();
}
