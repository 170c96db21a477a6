package io.sluice.kafka.admin;

import io.sluice.actors.image.ClusterImage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;

/**
 * Which resource a request for settings means: a topic, a consumer group, this node, or with the empty name all nodes. A node answers for itself only, so that what it
 * says of its settings is what it runs with; clients know and ask the right one.
 */
final class ConfigTargets {

    private ConfigTargets() {
    }

    /**
     * The resource.
     *
     * @throws org.apache.kafka.common.errors.ApiException if there is no such resource, or none with settings that can be asked for here
     */
    static ConfigResource require(ClusterImage image, byte type, String name) {
        var resource = new ConfigResource(ConfigResource.Type.forId(type), name);
        switch (resource.type()) {
            case TOPIC -> requireTopic(image, name);
            case BROKER -> requireBroker(image, name);
            case GROUP -> requireGroup(name);
            case BROKER_LOGGER -> throw new InvalidRequestException(
                    "log levels are not reached through the protocol; they are set in the node's logging configuration");
            case UNKNOWN -> throw new InvalidRequestException("unknown resource type " + type);
            default -> throw new InvalidRequestException(
                    "there are no settings of type " + resource.type() + "; topics, brokers and groups have settings");
        }
        return resource;
    }

    private static void requireTopic(ClusterImage image, String name) {
        Topic.validate(name);
        if (image.topic(name).isEmpty()) {
            throw new UnknownTopicOrPartitionException("there is no topic " + name);
        }
    }

    /** Any group, whether there is one of that id or not: its settings may be made first. */
    private static void requireGroup(String name) {
        if (name.isEmpty()) {
            throw new InvalidRequestException(
                    "settings of groups are of one group each; what holds for all is a setting of brokers");
        }
    }

    private static void requireBroker(ClusterImage image, String name) {
        if (name.isEmpty()) {
            return;
        }
        int id;
        try {
            id = Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("a broker's name is its id or, for all brokers, empty; it is " + name);
        }
        if (id != image.selfId()) {
            throw new InvalidRequestException(
                    "this is broker " + image.selfId() + "; send requests for broker " + id + " to that one");
        }
    }
}
