package io.sluice.actors.controller;

import io.sluice.actors.config.BrokerConfigs;
import io.sluice.actors.config.GroupConfigs;
import io.sluice.actors.config.TopicConfigs;
import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.controller.ControllerEvent.GroupConfigured;
import io.sluice.actors.controller.ControllerEvent.NodeConfigured;
import io.sluice.actors.controller.ControllerEvent.TopicConfigured;
import io.sluice.actors.controller.ControllerRequest.AlterConfigs;
import io.sluice.actors.controller.ControllerRequest.ConfigChange;
import io.sluice.actors.image.TopicImage;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

/** Decides on changes of settings. A resource changes as a whole or not at all. */
final class ConfigDecisions {

    private static final int ALL_NODES = -1;

    private final Draft draft;

    ConfigDecisions(Draft draft) {
        this.draft = draft;
    }

    Decision alter(AlterConfigs request) {
        for (ConfigChange change : request.changes()) {
            draft.item(() -> switch (ConfigResource.Type.forId(change.type())) {
                case TOPIC -> alterTopic(change, request.replaceAll());
                case BROKER -> alterNode(change, request.replaceAll());
                case GROUP -> alterGroup(change, request.replaceAll());
                default -> throw new RefusedException(Errors.INVALID_REQUEST, "settings of type "
                        + ConfigResource.Type.forId(change.type())
                        + " cannot be changed; those of topics, brokers and groups can");
            });
        }
        return draft.toDecision(request.validateOnly());
    }

    private Item alterTopic(ConfigChange change, boolean replaceAll) {
        TopicImage topic = draft.metadata().topic(change.name()).orElseThrow(() -> new RefusedException(
                Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + change.name() + "' does not exist."));
        change.values().forEach((name, value) -> {
            if (value != null) {
                TopicConfigs.validate(Map.of(name, value));
            } else if (!topic.configs().containsKey(name)) {
                TopicConfigs.requireRemovable(name);
            }
        });
        Map<String, String> after = changed(topic.configs(), change.values(), replaceAll);
        if (!after.equals(topic.configs())) {
            draft.add(new TopicConfigured(topic.id().toString(), after));
        }
        return Item.done();
    }

    private Item alterNode(ConfigChange change, boolean replaceAll) {
        int node = node(change.name());
        if (node == ALL_NODES) {
            BrokerConfigs.requireForAllNodes(change.values());
        }
        Map<String, String> before = draft.metadata().configsOf(node);
        change.values().forEach((name, value) -> {
            if (value != null) {
                BrokerConfigs.validateDynamic(Map.of(name, value));
            } else if (!before.containsKey(name)) {
                BrokerConfigs.requireRemovable(name);
            }
        });
        Map<String, String> after = changed(before, change.values(), replaceAll);
        if (!after.equals(before)) {
            draft.add(new NodeConfigured(node, after));
        }
        return Item.done();
    }

    private Item alterGroup(ConfigChange change, boolean replaceAll) {
        if (change.name().isEmpty()) {
            throw new RefusedException(Errors.INVALID_REQUEST,
                    "settings of groups are of one group each; what holds for all is a setting of brokers");
        }
        change.values().keySet().forEach(GroupConfigs::requireKnown);
        Map<String, String> before = draft.metadata().configsOf(change.name());
        Map<String, String> after = changed(before, change.values(), replaceAll);
        GroupConfigs.validate(after);
        if (!after.equals(before)) {
            draft.add(new GroupConfigured(change.name(), after));
        }
        return Item.done();
    }

    private int node(String name) {
        if (name.isEmpty()) {
            return ALL_NODES;
        }
        int node;
        try {
            node = Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new RefusedException(Errors.INVALID_REQUEST,
                    "broker is named by its id or, for all, by the empty name; not by " + name);
        }
        if (!draft.metadata().nodes().containsKey(node)) {
            throw new RefusedException(Errors.BROKER_ID_NOT_REGISTERED, "No broker with id " + node + " found.");
        }
        return node;
    }

    private static Map<String, String> changed(Map<String, String> before, Map<String, String> change,
            boolean replaceAll) {
        Map<String, String> after = new HashMap<>(replaceAll ? Map.of() : before);
        change.forEach((name, value) -> {
            if (value == null) {
                after.remove(name);
            } else {
                after.put(name, value);
            }
        });
        return after;
    }
}
