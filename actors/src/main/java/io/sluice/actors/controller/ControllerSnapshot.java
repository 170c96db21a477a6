package io.sluice.actors.controller;

import io.sluice.actors.controller.ControllerEvent.ClusterCreated;
import io.sluice.actors.controller.ControllerEvent.MetadataReplicasChanged;
import io.sluice.actors.controller.ControllerEvent.GroupConfigured;
import io.sluice.actors.controller.ControllerEvent.NodeConfigured;
import io.sluice.actors.controller.ControllerEvent.NodeRegistered;
import io.sluice.actors.controller.ControllerEvent.ProducerIdsReserved;
import io.sluice.actors.controller.ControllerEvent.ReassignmentSet;
import io.sluice.actors.controller.ControllerEvent.ReplicasChanged;
import io.sluice.actors.controller.ControllerEvent.TopicCreated;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import java.util.ArrayList;
import java.util.List;

/**
 * The controller's state as the shortest list of events that makes it, so that a snapshot and the feed have no format of their own.
 */
record ControllerSnapshot(List<ControllerEvent> events) implements ControllerMessage {

    static ControllerSnapshot of(ClusterMetadata metadata) {
        List<ControllerEvent> events = new ArrayList<>();
        if (metadata.clusterId() != null) {
            events.add(new ClusterCreated(metadata.clusterId()));
        }
        for (NodeImage node : metadata.nodes().values()) {
            events.add(new NodeRegistered(node.id(), node.diskId(), node.host(), node.port(), node.rack(),
                    node.address()));
        }
        metadata.nodeConfigs().forEach((node, configs) -> events.add(new NodeConfigured(node, configs)));
        metadata.groupConfigs().forEach((group, configs) -> events.add(new GroupConfigured(group, configs)));
        for (TopicImage topic : metadata.topics()) {
            events.add(new TopicCreated(topic.id().toString(), topic.name(), topic.replicas(), topic.configs()));
            topic.configurations().forEach((partition, configuration) -> {
                String id = topic.id().toString();
                if (configuration.version() > 0) {
                    events.add(new ReplicasChanged(id, partition, configuration.version(),
                            topic.replicas().get(partition)));
                }
                if (configuration.isReassigning()) {
                    events.add(new ReassignmentSet(id, partition, configuration.target()));
                }
            });
        }
        if (metadata.nextProducerId() > 0) {
            events.add(new ProducerIdsReserved(-1, metadata.nextProducerId(), 0));
        }
        if (!metadata.metadataReplicas().isEmpty()) {
            events.add(new MetadataReplicasChanged(metadata.metadataReplicas()));
        }
        return new ControllerSnapshot(events);
    }

    ClusterMetadata toMetadata() {
        ClusterMetadata metadata = ClusterMetadata.EMPTY;
        for (ControllerEvent event : events) {
            metadata = event.applyTo(metadata);
        }
        return metadata;
    }
}
