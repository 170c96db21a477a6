package io.sluice.kafka.admin;

import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a DeleteTopics request asks for: each topic once, found by name or (from version 6, KIP-516) by id, or the reason why it is none. An item that
 * is asked for twice is refused, and deleted not at all.
 */
final class DeletionRequests {

    /**
     * One topic to delete.
     *
     * @param name its name, or null if it was asked for by an id that nobody has
     * @param id its id, or zero if it was asked for by a name that nobody has
     * @param refusal the answer if the controller is not to be asked, else null
     */
    record Item(String name, Uuid id, AdminResult<TopicImage> refusal) {

        private static Item refused(DeleteTopicState asked, Errors error, String message) {
            return new Item(asked.name(), asked.topicId(), AdminResult.failed(error, message));
        }
    }

    private DeletionRequests() {
    }

    static List<Item> of(ClusterImage image, DeleteTopicsRequestData request, int version) {
        List<DeleteTopicState> asked = version >= 6
                ? request.topics()
                : request.topicNames().stream().map(name -> new DeleteTopicState().setName(name)).toList();
        Map<DeleteTopicState, Integer> times = new LinkedHashMap<>();
        asked.forEach(topic -> times.merge(topic, 1, Integer::sum));
        List<Item> items = new ArrayList<>();
        Set<Uuid> found = new HashSet<>();
        times.forEach((topic, count) -> {
            Item item = count > 1
                    ? Item.refused(topic, Errors.INVALID_REQUEST, "the topic is asked for twice")
                    : find(image, topic);
            boolean again = item.refusal == null && !found.add(item.id);
            items.add(again
                    ? Item.refused(topic, Errors.INVALID_REQUEST, "the topic is asked for by name and by id")
                    : item);
        });
        return items;
    }

    private static Item find(ClusterImage image, DeleteTopicState asked) {
        boolean byId = !asked.topicId().equals(Uuid.ZERO_UUID);
        if (byId == (asked.name() != null)) {
            return Item.refused(asked, Errors.INVALID_REQUEST, "a topic must be asked for by its name or by its id");
        }
        Optional<TopicImage> topic = byId ? image.topic(asked.topicId()) : image.topic(asked.name());
        Errors unknown = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        return topic.map(found -> new Item(found.name(), found.id(), null))
                .orElseGet(() -> Item.refused(asked, unknown, null));
    }
}
