package io.sluice.actors.controller;

import io.sluice.actors.image.ClusterMetadata;

/** The controller's state and what it decides. Immutable; knows nothing of actors, journals or clocks. */
record ControllerState(ClusterMetadata metadata) {

    static final ControllerState EMPTY = new ControllerState(ClusterMetadata.EMPTY);

    /** Decides on a request; the state changes only by applying the decision's events. */
    Decision decide(ControllerRequest request, DecisionContext context) {
        Draft draft = new Draft(metadata);
        return switch (request) {
            case ControllerRequest.RegisterNode register -> NodeDecisions.register(draft, register, context);
            case ControllerRequest.ReserveProducerIds reserve -> NodeDecisions.reserveProducerIds(draft, reserve);
            case ControllerRequest.CreateTopics create -> new TopicDecisions(draft, context).create(create);
            case ControllerRequest.CreateInternalTopic create ->
                new TopicDecisions(draft, context).createInternal(create.topic());
            case ControllerRequest.DeleteTopics delete -> new TopicDecisions(draft, context).delete(delete);
            case ControllerRequest.CreatePartitions grow -> new TopicDecisions(draft, context).grow(grow);
            case ControllerRequest.AlterReassignments alter -> new ReassignmentDecisions(draft, context).alter(alter);
            case ControllerRequest.SetReplicas set -> new ReassignmentDecisions(draft, context).set(set);
            case ControllerRequest.UnregisterNode unregister ->
                NodeDecisions.unregister(draft, unregister.nodeId(), context);
            case ControllerRequest.AlterConfigs alter -> new ConfigDecisions(draft).alter(alter);
        };
    }

    ControllerState apply(ControllerEvent event) {
        return new ControllerState(event.applyTo(metadata));
    }
}
