package io.sluice.actors.controller;

import io.sluice.actors.config.TopicConfigs;
import io.sluice.actors.controller.Controller.MorePartitions;
import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.controller.ControllerEvent.PartitionsAdded;
import io.sluice.actors.controller.ControllerEvent.TopicCreated;
import io.sluice.actors.controller.ControllerEvent.TopicDeleted;
import io.sluice.actors.controller.ControllerRequest.CreatePartitions;
import io.sluice.actors.controller.ControllerRequest.CreateTopics;
import io.sluice.actors.controller.ControllerRequest.DeleteTopics;
import io.sluice.actors.image.TopicImage;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.protocol.Errors;

/** Decides on creating, growing and deleting topics, with Kafka's errors. */
final class TopicDecisions {

    private final Draft draft;
    private final DecisionContext context;
    private final ReplicaChoice replicas;

    TopicDecisions(Draft draft, DecisionContext context) {
        this.draft = draft;
        this.context = context;
        this.replicas = new ReplicaChoice(draft.metadata(), context);
    }

    Decision create(CreateTopics request) {
        Set<String> repeated = repeated(request.topics(), NewTopic::name);
        for (NewTopic topic : request.topics()) {
            draft.item(() -> {
                refuseRepeated(repeated, topic.name());
                return create(topic);
            });
        }
        return draft.toDecision(request.validateOnly());
    }

    private Item create(NewTopic topic) {
        TopicNames.validate(topic.name(), draft.metadata());
        if (draft.metadata().topic(topic.name()).isPresent()) {
            throw new RefusedException(Errors.TOPIC_ALREADY_EXISTS, "Topic '" + topic.name() + "' already exists.");
        }
        Map<String, String> configs = topic.configs() == null ? Map.of() : topic.configs();
        requireValues(configs);
        TopicConfigs.validate(configs);
        return place(topic, configs);
    }

    Decision createInternal(NewTopic topic) {
        draft.item(() -> {
            Optional<TopicImage> there = draft.metadata().topic(topic.name());
            return there.isPresent()
                    ? Item.done(there.get())
                    : place(topic.withReplicationFactorUpTo(replicas.nodesUp()), topic.configs());
        });
        return draft.toDecision(false);
    }

    private Item place(NewTopic topic, Map<String, String> configs) {
        var created = new TopicCreated(context.ids().get().toString(), topic.name(), replicas.forNew(topic), configs);
        draft.add(created);
        return answer(created.topicId());
    }

    Decision grow(CreatePartitions request) {
        Set<String> repeated = repeated(request.topics(), MorePartitions::topic);
        for (MorePartitions more : request.topics()) {
            draft.item(() -> {
                refuseRepeated(repeated, more.topic());
                TopicImage topic = draft.metadata().topic(more.topic()).orElseThrow(() -> new RefusedException(
                        Errors.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition."));
                draft.add(new PartitionsAdded(topic.id().toString(), replicas.forMore(topic, more)));
                return answer(topic.id().toString());
            });
        }
        return draft.toDecision(request.validateOnly());
    }

    Decision delete(DeleteTopics request) {
        Set<String> repeated = repeated(request.topicIds(), Function.identity());
        for (String id : request.topicIds()) {
            draft.item(() -> {
                refuseRepeated(repeated, id);
                TopicImage topic = draft.metadata().topic(Uuid.fromString(id)).orElseThrow(() -> new RefusedException(
                        Errors.UNKNOWN_TOPIC_ID, "This server does not host this topic ID."));
                draft.add(new TopicDeleted(id, topic.name()));
                return Item.done(topic);
            });
        }
        return draft.toDecision(false);
    }

    private Item answer(String topicId) {
        return Item.done(draft.metadata().topic(Uuid.fromString(topicId)).orElseThrow());
    }

    private static void requireValues(Map<String, String> configs) {
        configs.forEach((name, value) -> {
            if (value == null) {
                throw new InvalidConfigurationException("setting " + name + " has no value");
            }
        });
    }

    private static <T> Set<String> repeated(Collection<T> items, Function<T, String> name) {
        Set<String> seen = new HashSet<>();
        return items.stream().map(name).filter(each -> !seen.add(each)).collect(Collectors.toSet());
    }

    private static void refuseRepeated(Set<String> repeated, String name) {
        if (repeated.contains(name)) {
            throw new RefusedException(Errors.INVALID_REQUEST, "topic " + name + " is in the request more than once");
        }
    }
}
