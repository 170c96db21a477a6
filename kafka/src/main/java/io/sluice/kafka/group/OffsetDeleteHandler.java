package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.actors.image.ClusterImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** OffsetDelete (KIP-496): forgets committed offsets of an empty group. */
final class OffsetDeleteHandler implements ApiHandler {
    private final Groups groups;
    private final Supplier<ClusterImage> image;

    OffsetDeleteHandler(Groups groups, Supplier<ClusterImage> image) {
        this.groups = groups;
        this.image = image;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_DELETE;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        OffsetDeleteRequestData request = (OffsetDeleteRequestData) message;
        Set<TopicPartition> known = new LinkedHashSet<>();
        request.topics().forEach(t -> t.partitions().forEach(p -> {
            if (exists(t.name(), p.partitionIndex())) {
                known.add(new TopicPartition(t.name(), p.partitionIndex()));
            }
        }));
        return groups.deleteOffsets(request.groupId(), known).thenApply(error -> answer(request, error));
    }

    private boolean exists(String topic, int partition) {
        return image.get().topic(topic).map(t -> t.hasPartition(partition)).orElse(false);
    }

    private OffsetDeleteResponseData answer(OffsetDeleteRequestData request, Errors error) {
        OffsetDeleteResponseData response = new OffsetDeleteResponseData();
        if (error != Errors.NONE && error != Errors.GROUP_SUBSCRIBED_TO_TOPIC) {
            return response.setErrorCode(error.code());
        }
        for (OffsetDeleteRequestTopic t : request.topics()) {
            OffsetDeleteResponseTopic topic = new OffsetDeleteResponseTopic().setName(t.name());
            t.partitions().forEach(p -> {
                Errors own = exists(t.name(), p.partitionIndex()) ? error : Errors.UNKNOWN_TOPIC_OR_PARTITION;
                topic.partitions().add(new OffsetDeleteResponsePartition().setPartitionIndex(p.partitionIndex())
                        .setErrorCode(own.code()));
            });
            response.topics().add(topic);
        }
        return response;
    }
}
