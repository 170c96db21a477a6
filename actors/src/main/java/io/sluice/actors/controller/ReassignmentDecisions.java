package io.sluice.actors.controller;

import io.sluice.actors.controller.Controller.NewReplicas;
import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.controller.ControllerEvent.ReassignmentSet;
import io.sluice.actors.controller.ControllerEvent.ReplicasChanged;
import io.sluice.actors.controller.ControllerRequest.AlterReassignments;
import io.sluice.actors.controller.ControllerRequest.SetReplicas;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.PartitionConfiguration;
import io.sluice.actors.image.TopicImage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides on other replicas for partitions, with Kafka's errors. The controller only says where a partition is to go; its leader brings it there and asks
 * for each step to be put in force (docs/replication).
 */
final class ReassignmentDecisions {

    private final Draft draft;
    private final DecisionContext context;

    ReassignmentDecisions(Draft draft, DecisionContext context) {
        this.draft = draft;
        this.context = context;
    }

    Decision alter(AlterReassignments request) {
        Set<NewReplicas> seen = new HashSet<>();
        for (NewReplicas change : request.changes()) {
            draft.item(() -> {
                if (!seen.add(new NewReplicas(change.topic(), change.partition(), null))) {
                    throw new RefusedException(Errors.INVALID_REQUEST,
                            change.topic() + "-" + change.partition() + " is in the request more than once");
                }
                TopicImage topic = draft.metadata().topic(change.topic())
                        .filter(known -> known.hasPartition(change.partition()))
                        .orElseThrow(() -> new RefusedException(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                "This server does not host this topic-partition."));
                return change.replicas() == null
                        ? cancel(topic, change.partition())
                        : move(topic, change, request.allowFactorChange());
            });
        }
        return draft.toDecision(false);
    }

    private Item cancel(TopicImage topic, int partition) {
        if (!topic.configuration(partition).isReassigning()) {
            throw new RefusedException(Errors.NO_REASSIGNMENT_IN_PROGRESS,
                    Errors.NO_REASSIGNMENT_IN_PROGRESS.message());
        }
        draft.add(new ReassignmentSet(topic.id().toString(), partition, List.of()));
        return Item.done();
    }

    private Item move(TopicImage topic, NewReplicas change, boolean allowFactorChange) {
        List<Integer> now = topic.replicas().get(change.partition());
        requirePossible(change.replicas(), now);
        if (!allowFactorChange && change.replicas().size() != now.size()) {
            throw new RefusedException(Errors.INVALID_REPLICATION_FACTOR, topic.name() + "-" + change.partition()
                    + " has " + now.size() + " replica(s); " + change.replicas().size()
                    + " would be another replication factor, which the request does not allow");
        }
        PartitionConfiguration configuration = topic.configuration(change.partition());
        String id = topic.id().toString();
        if (Set.copyOf(change.replicas()).equals(Set.copyOf(now))) {
            if (configuration.isReassigning()) {
                draft.add(new ReassignmentSet(id, change.partition(), List.of()));
            }
            if (!change.replicas().equals(now)) {
                draft.add(new ReplicasChanged(id, change.partition(), configuration.version(), change.replicas()));
            }
        } else if (!change.replicas().equals(configuration.target())) {
            draft.add(new ReassignmentSet(id, change.partition(), change.replicas()));
        }
        return Item.done();
    }

    private void requirePossible(List<Integer> replicas, List<Integer> now) {
        if (replicas.isEmpty()) {
            throw impossible("the list is empty");
        }
        if (new HashSet<>(replicas).size() != replicas.size()) {
            throw impossible(replicas + " names a node twice");
        }
        for (int node : replicas) {
            NodeImage known = draft.metadata().nodes().get(node);
            if (known == null) {
                throw impossible("there is no node " + node);
            }
            if (!now.contains(node) && !context.alive().contains(known.address())) {
                throw impossible("node " + node + " is not up");
            }
        }
    }

    private static RefusedException impossible(String why) {
        return new RefusedException(Errors.INVALID_REPLICA_ASSIGNMENT, "these replicas are not possible: " + why);
    }

    /**
     * Puts replicas in force if the version before is. That it is not is no error: the asker sees in its image what is. A move that was ended meanwhile
     * may still be completed: the leader could not take it back.
     */
    Decision set(SetReplicas request) {
        draft.item(() -> {
            Optional<TopicImage> topic = draft.metadata().topic(Uuid.fromString(request.topicId()))
                    .filter(known -> known.hasPartition(request.partition()));
            if (topic.isEmpty()) {
                throw new RefusedException(Errors.UNKNOWN_TOPIC_OR_PARTITION, "the topic is gone");
            }
            if (!draft.metadata().nodes().keySet().containsAll(request.replicas()) || request.replicas().isEmpty()) {
                throw impossible(request.replicas() + " are not all nodes of the cluster");
            }
            if (topic.get().configuration(request.partition()).version() == request.version() - 1) {
                draft.add(new ReplicasChanged(request.topicId(), request.partition(), request.version(),
                        request.replicas()));
            }
            return Item.done();
        });
        return draft.toDecision(false);
    }
}
