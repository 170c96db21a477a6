package io.sluice.actors.controller;

import io.sluice.actors.config.BrokerConfigs;
import io.sluice.actors.controller.Controller.MorePartitions;
import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.placement.ReplicaAssignment;
import io.sluice.actors.placement.ReplicaAssignment.Candidate;
import io.sluice.actors.placement.ReplicaLoad;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** Chooses or checks the replicas of the new partitions of one request, with Kafka's errors. Counts load once, then as it chooses. */
final class ReplicaChoice {

    private final ClusterMetadata metadata;
    private final DecisionContext context;
    private final List<Candidate> alive;
    private final Map<Integer, Integer> leaders = new HashMap<>();
    private final Map<Integer, Integer> held = new HashMap<>();
    private int partitionsLeft;

    ReplicaChoice(ClusterMetadata metadata, DecisionContext context) {
        this.metadata = metadata;
        this.context = context;
        this.alive = metadata.nodes().values().stream()
                .filter(node -> context.alive().contains(node.address())
                        && !BrokerConfigs.isDraining(metadata.configsOf(node.id())))
                .map(node -> new Candidate(node.id(), node.rack())).toList();
        this.partitionsLeft = context.maxPartitionsPerRequest();
        metadata.topics().forEach(topic -> topic.replicas().forEach(this::count));
    }

    /** Number of nodes that may hold replicas now. */
    int nodesUp() {
        return alive.size();
    }

    /** The replicas of each partition of a new topic. */
    List<List<Integer>> forNew(NewTopic topic) {
        if (topic.assignment() != null) {
            if (topic.partitions() != -1 || topic.replicationFactor() != -1) {
                throw new RefusedException(Errors.INVALID_REQUEST, "a topic with a manual assignment must have "
                        + "-1 as its number of partitions and as its replication factor");
            }
            if (topic.assignment().isEmpty()) {
                throw new RefusedException(Errors.INVALID_REPLICA_ASSIGNMENT, "the manual assignment is empty");
            }
            take(topic.assignment().size());
            return checked(topic.assignment(), topic.assignment().getFirst().size());
        }
        if (topic.partitions() < 1) {
            throw new RefusedException(Errors.INVALID_PARTITIONS,
                    "number of partitions is " + topic.partitions() + ", must be at least 1, or -1 for the default");
        }
        if (topic.replicationFactor() < 1) {
            throw new RefusedException(Errors.INVALID_REPLICATION_FACTOR, "replication factor is "
                    + topic.replicationFactor() + ", must be at least 1, or -1 for the default");
        }
        return chosen(topic.partitions(), topic.replicationFactor(), List.of());
    }

    /** The replicas of each partition that a topic gets. */
    List<List<Integer>> forMore(TopicImage topic, MorePartitions more) {
        int now = topic.partitionCount();
        if (more.total() <= now) {
            throw new RefusedException(Errors.INVALID_PARTITIONS, "topic " + topic.name() + " has " + now
                    + " partition(s); " + more.total() + " would not be an increase");
        }
        int added = more.total() - now;
        int factor = topic.replicas().getFirst().size();
        if (more.assignment() == null) {
            return chosen(added, factor, topic.replicas());
        }
        if (more.assignment().size() != added) {
            throw new RefusedException(Errors.INVALID_REPLICA_ASSIGNMENT, added + " partition(s) are to be added, but "
                    + more.assignment().size() + " assignment(s) are given");
        }
        take(added);
        return checked(more.assignment(), factor);
    }

    private List<List<Integer>> chosen(int partitions, int factor, List<List<Integer>> existing) {
        if (factor > alive.size()) {
            throw new RefusedException(Errors.INVALID_REPLICATION_FACTOR, "replication factor " + factor
                    + " is larger than the number of nodes that are up and not being drained, " + alive.size());
        }
        take(partitions);
        List<List<Integer>> lists = ReplicaAssignment.assign(partitions, factor, alive, existing,
                new ReplicaLoad(leaders, held));
        lists.forEach(this::count);
        return lists;
    }

    private List<List<Integer>> checked(List<List<Integer>> lists, int factor) {
        for (int partition = 0; partition < lists.size(); partition++) {
            String fault = fault(lists.get(partition), factor);
            if (fault != null) {
                throw new RefusedException(Errors.INVALID_REPLICA_ASSIGNMENT,
                        "manual assignment " + lists.get(partition) + " is not possible: " + fault);
            }
        }
        lists.forEach(this::count);
        return lists;
    }

    private String fault(List<Integer> list, int factor) {
        if (list.isEmpty()) {
            return "it names no node";
        }
        if (new HashSet<>(list).size() != list.size()) {
            return "it names a node twice";
        }
        if (list.size() != factor) {
            return "every partition of the topic must have the same number of replicas, " + factor;
        }
        for (int node : list) {
            if (!metadata.nodes().containsKey(node)) {
                return "there is no node " + node;
            }
        }
        return list.stream().map(metadata.nodes()::get).map(NodeImage::address).noneMatch(context.alive()::contains)
                ? "none of its nodes is up"
                : null;
    }

    private void take(int partitions) {
        if (partitions > partitionsLeft) {
            throw new RefusedException(Errors.POLICY_VIOLATION,
                    "one request may create at most " + context.maxPartitionsPerRequest()
                            + " partitions (sluice.controller.max-partitions-per-request); create them in several");
        }
        partitionsLeft -= partitions;
    }

    private void count(List<Integer> replicas) {
        leaders.merge(replicas.getFirst(), 1, Integer::sum);
        replicas.forEach(node -> held.merge(node, 1, Integer::sum));
    }
}
