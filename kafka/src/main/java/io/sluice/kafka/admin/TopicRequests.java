package io.sluice.kafka.admin;

import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.image.TopicImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a CreateTopics request asks for: the topics the controller shall see, and the answers for those that contradict themselves. Whether a topic
 * can be (its name, its nodes, its settings' values) is for the controller to say.
 */
final class TopicRequests {

    /** By name, in the request's order; null for those that go to the controller. */
    private final Map<String, AdminResult<TopicImage>> refused = new LinkedHashMap<>();
    private final List<NewTopic> wanted = new ArrayList<>();

    private TopicRequests() {
    }

    static TopicRequests of(CreateTopicsRequestData request, int defaultPartitions) {
        var requests = new TopicRequests();
        for (CreatableTopic topic : request.topics()) {
            if (requests.refused.containsKey(topic.name())) {
                requests.refuse(topic.name(), Errors.INVALID_REQUEST, "topic " + topic.name() + " is named twice");
            } else {
                requests.add(topic);
            }
        }
        requests.wanted.removeIf(topic -> requests.refused.get(topic.name()) != null);
        long partitions = requests.wanted.stream().mapToLong(topic -> partitions(topic, defaultPartitions)).sum();
        if (partitions > Limits.NEW_PARTITIONS_PER_REQUEST_MAX) {
            requests.refuseWanted(Errors.POLICY_VIOLATION, partitions + " partitions in one request; at most "
                    + Limits.NEW_PARTITIONS_PER_REQUEST_MAX + " are possible, ask in several");
        } else if (request.timeoutMs() <= 0) {
            requests.refuseWanted(Errors.REQUEST_TIMED_OUT, null);
        }
        return requests;
    }

    /** The names asked for, each once, in the request's order. */
    Iterable<String> names() {
        return refused.keySet();
    }

    /** The answer for a topic that is refused, or null if the controller has to be asked. */
    AdminResult<TopicImage> refusal(String name) {
        return refused.get(name);
    }

    /** What the controller is to be asked. */
    List<NewTopic> wanted() {
        return wanted;
    }

    private void add(CreatableTopic topic) {
        refused.put(topic.name(), null);
        try {
            wanted.add(new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor(), assignment(topic),
                    configs(topic)));
        } catch (ApiException e) {
            refuse(topic.name(), Errors.forException(e), e.getMessage());
        }
    }

    private void refuse(String name, Errors error, String message) {
        refused.put(name, AdminResult.failed(error, message));
    }

    private void refuseWanted(Errors error, String message) {
        wanted.forEach(topic -> refuse(topic.name(), error, message));
        wanted.clear();
    }

    private static long partitions(NewTopic topic, int defaultPartitions) {
        if (topic.assignment() != null) {
            return topic.assignment().size();
        }
        return topic.partitions() == -1 ? defaultPartitions : Math.max(0, topic.partitions());
    }

    private static List<List<Integer>> assignment(CreatableTopic topic) {
        if (topic.assignments().isEmpty()) {
            return null;
        }
        if (topic.numPartitions() != -1 || topic.replicationFactor() != -1) {
            throw new InvalidRequestException("with an assignment of replicas, the number of partitions and the "
                    + "replication factor must be -1; they are " + topic.numPartitions() + " and "
                    + topic.replicationFactor());
        }
        var byPartition = new TreeMap<Integer, List<Integer>>();
        for (CreatableReplicaAssignment partition : topic.assignments()) {
            if (byPartition.put(partition.partitionIndex(), partition.brokerIds()) != null) {
                throw new InvalidReplicaAssignmentException(
                        "partition " + partition.partitionIndex() + " is assigned twice");
            }
        }
        if (byPartition.firstKey() != 0 || byPartition.lastKey() != byPartition.size() - 1) {
            throw new InvalidReplicaAssignmentException(
                    "partitions must be assigned from 0 on without a gap; they are " + byPartition.keySet());
        }
        return List.copyOf(byPartition.values());
    }

    private static Map<String, String> configs(CreatableTopic topic) {
        Map<String, String> configs = new LinkedHashMap<>();
        for (CreatableTopicConfig config : topic.configs()) {
            if (config.value() == null) {
                throw new InvalidConfigurationException("setting " + config.name() + " has no value");
            }
            configs.put(config.name(), config.value());
        }
        return configs;
    }
}
