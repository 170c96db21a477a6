package io.sluice.actors.controller;

import io.sluice.actors.image.TopicImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * What became of a request.
 *
 * @param version sequence number of the last event when it was decided: an image with this version has what it did
 * @param items one for each item of the request, in their order
 */
record ControllerAnswer(long version, List<Item> items) implements ControllerMessage {

    /** What became of one item. */
    record Item(short error, String message, Topic topic, long number) {

        static Item done() {
            return new Item(Errors.NONE.code(), null, null, -1);
        }

        static Item done(TopicImage topic) {
            return new Item(Errors.NONE.code(), null, Topic.of(topic), -1);
        }

        static Item done(long number) {
            return new Item(Errors.NONE.code(), null, null, number);
        }

        static Item refused(Errors error, String message) {
            return new Item(error.code(), message, null, -1);
        }

        Errors errors() {
            return Errors.forCode(error);
        }

        AdminResult<TopicImage> toTopicResult() {
            return errors() == Errors.NONE ? AdminResult.of(topic.toImage()) : AdminResult.failed(errors(), message);
        }
    }

    /** A topic as it is, or would be. */
    record Topic(String id, String name, List<List<Integer>> replicas, Map<String, String> configs) {

        static Topic of(TopicImage topic) {
            return new Topic(topic.id().toString(), topic.name(), topic.replicas(), topic.configs());
        }

        TopicImage toImage() {
            return new TopicImage(Uuid.fromString(id), name, replicas, configs);
        }
    }
}
