package io.sluice.actors.controller;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** A change that a node asks the controller for. The answer has one {@link ControllerAnswer.Item} for each item, in their order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "request")
@JsonSubTypes({@JsonSubTypes.Type(value = ControllerRequest.RegisterNode.class, name = "register-node"),
        @JsonSubTypes.Type(value = ControllerRequest.CreateTopics.class, name = "create-topics"),
        @JsonSubTypes.Type(value = ControllerRequest.CreateInternalTopic.class, name = "create-internal-topic"),
        @JsonSubTypes.Type(value = ControllerRequest.DeleteTopics.class, name = "delete-topics"),
        @JsonSubTypes.Type(value = ControllerRequest.CreatePartitions.class, name = "create-partitions"),
        @JsonSubTypes.Type(value = ControllerRequest.AlterConfigs.class, name = "alter-configs"),
        @JsonSubTypes.Type(value = ControllerRequest.AlterReassignments.class, name = "alter-reassignments"),
        @JsonSubTypes.Type(value = ControllerRequest.SetReplicas.class, name = "set-replicas"),
        @JsonSubTypes.Type(value = ControllerRequest.UnregisterNode.class, name = "unregister-node"),
        @JsonSubTypes.Type(value = ControllerRequest.ReserveProducerIds.class, name = "reserve-producer-ids")})
sealed interface ControllerRequest extends ControllerMessage {

    /**
     * Registers a node, or again; the answer's number is its id.
     *
     * @param clusterId the cluster that the node's data belongs to, null for a node that was never registered
     * @param wantedId the id that the node was given by its settings, -1 for any
     */
    record RegisterNode(String diskId, String clusterId, int wantedId, String host, int port, String rack,
            String address)
            implements
                ControllerRequest {}

    /** Creates topics whose number of partitions and replication factor are given, or their assignment. */
    record CreateTopics(List<Controller.NewTopic> topics, boolean validateOnly) implements ControllerRequest {}

    /** Creates one of the cluster's own topics, on as many nodes as are up if those are fewer than asked for. It may be there already. */
    record CreateInternalTopic(Controller.NewTopic topic) implements ControllerRequest {}

    /** Deletes topics by id. */
    record DeleteTopics(List<String> topicIds) implements ControllerRequest {}

    /** Adds partitions to topics. */
    record CreatePartitions(List<Controller.MorePartitions> topics, boolean validateOnly)
            implements
                ControllerRequest {}

    /** Changes settings. */
    record AlterConfigs(List<ConfigChange> changes, boolean replaceAll, boolean validateOnly)
            implements
                ControllerRequest {}

    /** Moves partitions to other replicas, or ends that. */
    record AlterReassignments(List<Controller.NewReplicas> changes, boolean allowFactorChange)
            implements
                ControllerRequest {}

    /**
     * Replaces the replicas of a partition if {@code version - 1} is in force; if another version is, nothing happens. Asked for by the partition's
     * leader, which has seen to it that nothing committed is lost by it.
     */
    record SetReplicas(String topicId, int partition, int version, List<Integer> replicas)
            implements
                ControllerRequest {}

    /** Takes a node that is gone for good out of the cluster. */
    record UnregisterNode(int nodeId) implements ControllerRequest {}

    /** Reserves a block of producer ids for a node; the answer's number is the first. */
    record ReserveProducerIds(int nodeId, int count) implements ControllerRequest {}

    /** Settings of one resource; the type is the id of a ConfigResource.Type, and a null value removes a setting. */
    record ConfigChange(byte type, String name, Map<String, String> values) {}
}
