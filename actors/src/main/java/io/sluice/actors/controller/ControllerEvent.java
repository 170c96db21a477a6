package io.sluice.actors.controller;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.PartitionConfiguration;
import io.sluice.actors.image.TopicImage;
import io.sluice.persistence.ReplicasChange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * What happened to the cluster. Stored for ever, so a field may be added (absent in old events: give it a default) but never change its meaning.
 * Applying an event never fails and decides nothing: it is replayed on every start, on every node.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({@JsonSubTypes.Type(value = ControllerEvent.ClusterCreated.class, name = "cluster-created"),
        @JsonSubTypes.Type(value = ControllerEvent.NodeRegistered.class, name = "node-registered"),
        @JsonSubTypes.Type(value = ControllerEvent.NodeConfigured.class, name = "node-configured"),
        @JsonSubTypes.Type(value = ControllerEvent.GroupConfigured.class, name = "group-configured"),
        @JsonSubTypes.Type(value = ControllerEvent.TopicCreated.class, name = "topic-created"),
        @JsonSubTypes.Type(value = ControllerEvent.TopicDeleted.class, name = "topic-deleted"),
        @JsonSubTypes.Type(value = ControllerEvent.TopicConfigured.class, name = "topic-configured"),
        @JsonSubTypes.Type(value = ControllerEvent.PartitionsAdded.class, name = "partitions-added"),
        @JsonSubTypes.Type(value = ControllerEvent.ReassignmentSet.class, name = "reassignment-set"),
        @JsonSubTypes.Type(value = ControllerEvent.ReplicasChanged.class, name = "replicas-changed"),
        @JsonSubTypes.Type(value = ControllerEvent.NodeUnregistered.class, name = "node-unregistered"),
        @JsonSubTypes.Type(value = ControllerEvent.ProducerIdsReserved.class, name = "producer-ids-reserved"),
        @JsonSubTypes.Type(value = ControllerEvent.MetadataReplicasChanged.class, name = "metadata-replicas-changed")})
sealed interface ControllerEvent extends ControllerMessage {

    /** The metadata after this event. */
    ClusterMetadata applyTo(ClusterMetadata metadata);

    /** The cluster was made. */
    record ClusterCreated(String clusterId) implements ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withClusterId(clusterId);
        }
    }

    /** A node registered for the first time, or again with another address. */
    record NodeRegistered(int nodeId, String diskId, String host, int port, String rack, String address)
            implements
                ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withNode(new NodeImage(nodeId, diskId, host, port, rack, address, false));
        }
    }

    /** The settings made at run time on a node (-1: on all) are now exactly these. */
    record NodeConfigured(int nodeId, Map<String, String> configs) implements ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withNodeConfigs(nodeId, configs);
        }
    }

    /** The settings of a consumer group are now exactly these. */
    record GroupConfigured(String groupId, Map<String, String> configs) implements ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withGroupConfigs(groupId, configs);
        }
    }

    /** A topic was created, with the replicas of each partition. */
    record TopicCreated(String topicId, String name, List<List<Integer>> replicas, Map<String, String> configs)
            implements
                ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withTopic(new TopicImage(Uuid.fromString(topicId), name, replicas, configs));
        }
    }

    /** A topic was deleted; its records may go. */
    record TopicDeleted(String topicId, String name) implements ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withoutTopic(Uuid.fromString(topicId));
        }
    }

    /** The settings made on a topic are now exactly these. */
    record TopicConfigured(String topicId, Map<String, String> configs) implements ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withTopic(Uuid.fromString(topicId),
                    topic -> topic.withConfigs(configs));
        }
    }

    /** A topic grew; these are the replicas of the new partitions. */
    record PartitionsAdded(String topicId, List<List<Integer>> replicas) implements ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withTopic(Uuid.fromString(topicId), topic -> topic.withMore(replicas));
        }
    }

    /** A partition is to be moved to these replicas; to none: it stays where it is. */
    record ReassignmentSet(String topicId, int partition, List<Integer> target) implements ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withTopic(Uuid.fromString(topicId), topic -> topic.withReplicas(partition,
                    topic.replicas().get(partition),
                    new PartitionConfiguration(topic.configuration(partition).version(), target)));
        }
    }

    /** A partition has these replicas now; that ends its move if they are what was aimed at. With the version as before, only their order changed. */
    record ReplicasChanged(String topicId, int partition, int version, List<Integer> replicas)
            implements
                ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withTopic(Uuid.fromString(topicId), topic -> {
                List<Integer> target = topic.configuration(partition).target();
                boolean reached = Set.copyOf(target).equals(Set.copyOf(replicas));
                return topic.withReplicas(partition, reached ? target : replicas,
                        new PartitionConfiguration(version, reached ? List.of() : target));
            });
        }
    }

    /** A node is none of the cluster's any more. Its id may be given to another. */
    record NodeUnregistered(int nodeId) implements ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withoutNode(nodeId);
        }
    }

    /** Producer ids from {@code firstId} on were given to a node; nobody else ever gets them, used or not. */
    record ProducerIdsReserved(int nodeId, long firstId, int count) implements ControllerEvent {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withNextProducerId(firstId + count);
        }
    }

    /** The log of these events has these replicas from here on, given by their disk ids. */
    record MetadataReplicasChanged(List<String> replicas) implements ControllerEvent, ReplicasChange {
        @Override
        public ClusterMetadata applyTo(ClusterMetadata metadata) {
            return metadata.withMetadataReplicas(replicas);
        }
    }
}
