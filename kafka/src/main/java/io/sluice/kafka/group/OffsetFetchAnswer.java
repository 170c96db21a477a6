package io.sluice.kafka.group;

import io.sluice.actors.group.CommittedOffset;
import io.sluice.actors.group.Groups;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;

/**
 * Picks what a client asked for from a group's committed offsets. Offsets of a deleted topic do not count for a new one of the same name; what was
 * never committed is -1 without an error.
 */
record OffsetFetchAnswer(ClusterImage image, boolean byId) {
    private static final long NONE = -1;

    OffsetFetchResponseGroup of(OffsetFetchRequestGroup request, Groups.Offsets offsets) {
        OffsetFetchResponseGroup response = new OffsetFetchResponseGroup().setGroupId(request.groupId())
                .setErrorCode(offsets.error().code());
        Map<String, Map<Integer, CommittedOffset>> byTopic = new LinkedHashMap<>();
        offsets.offsets().stream().filter(this::isOfThisTopic).forEach(
                o -> byTopic.computeIfAbsent(o.topic(), t -> new LinkedHashMap<>()).put(o.partition(), o));
        if (request.topics() == null) {
            byTopic.forEach((topic, partitions) -> response.topics()
                    .add(answer(image.topic(topic).orElseThrow(), partitions)));
        } else {
            request.topics().forEach(t -> response.topics().add(answer(t, byTopic, offsets.error())));
        }
        return response;
    }

    private boolean isOfThisTopic(CommittedOffset offset) {
        return image.topic(offset.topic()).map(t -> t.id().toString().equals(offset.topicId())).orElse(false);
    }

    private OffsetFetchResponseTopics answer(TopicImage topic, Map<Integer, CommittedOffset> partitions) {
        return new OffsetFetchResponseTopics().setName(topic.name()).setTopicId(topic.id())
                .setPartitions(partitions.values().stream().map(OffsetFetchAnswer::committed).toList());
    }

    private OffsetFetchResponseTopics answer(OffsetFetchRequestTopics asked,
            Map<String, Map<Integer, CommittedOffset>> byTopic, Errors groupError) {
        Optional<TopicImage> topic = byId ? image.topic(asked.topicId()) : Optional.empty();
        String name = byId ? topic.map(TopicImage::name).orElse("") : asked.name();
        Errors error = groupError == Errors.NONE && byId && topic.isEmpty() ? Errors.UNKNOWN_TOPIC_ID : groupError;
        Map<Integer, CommittedOffset> known = byTopic.getOrDefault(name, Map.of());
        List<OffsetFetchResponsePartitions> partitions = asked.partitionIndexes().stream().map(p -> {
            CommittedOffset offset = known.get(p);
            return offset != null && error == Errors.NONE ? committed(offset) : never(p, error);
        }).toList();
        return new OffsetFetchResponseTopics().setName(name).setTopicId(asked.topicId()).setPartitions(partitions);
    }

    private static OffsetFetchResponsePartitions committed(CommittedOffset o) {
        return new OffsetFetchResponsePartitions().setPartitionIndex(o.partition()).setCommittedOffset(o.offset())
                .setCommittedLeaderEpoch(o.leaderEpoch()).setMetadata(o.metadata());
    }

    private static OffsetFetchResponsePartitions never(int partition, Errors error) {
        return new OffsetFetchResponsePartitions().setPartitionIndex(partition).setCommittedOffset(NONE)
                .setCommittedLeaderEpoch(-1).setMetadata("").setErrorCode(error.code());
    }
}
