package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** OffsetCommit: topics by name up to version 9, by id from version 10 on. Topics that do not exist are refused one by one. */
final class OffsetCommitHandler implements ApiHandler {
    private static final short TOPIC_IDS = 10;

    private final Groups groups;
    private final Supplier<ClusterImage> image;

    OffsetCommitHandler(Groups groups, Supplier<ClusterImage> image) {
        this.groups = groups;
        this.image = image;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        OffsetCommitRequestData request = (OffsetCommitRequestData) message;
        boolean byId = context.apiVersion() >= TOPIC_IDS;
        List<OffsetCommitResponseTopic> refused = new ArrayList<>();
        OffsetCommitRequestData known = request.duplicate().setTopics(new ArrayList<>());
        for (OffsetCommitRequestTopic t : request.topics()) {
            resolve(t, byId, known, refused);
        }
        return groups.commit(known).thenApply(response -> merged(response, refused));
    }

    private void resolve(OffsetCommitRequestTopic t, boolean byId, OffsetCommitRequestData known,
            List<OffsetCommitResponseTopic> refused) {
        Optional<TopicImage> found = byId ? image.get().topic(t.topicId()) : image.get().topic(t.name());
        Errors unknown = byId && found.isEmpty() ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        List<OffsetCommitRequestPartition> good = new ArrayList<>();
        OffsetCommitResponseTopic bad = new OffsetCommitResponseTopic()
                .setName(found.map(TopicImage::name).orElse(t.name()))
                .setTopicId(found.map(TopicImage::id).orElse(t.topicId()));
        for (OffsetCommitRequestPartition p : t.partitions()) {
            if (found.isPresent() && found.get().hasPartition(p.partitionIndex())) {
                good.add(p);
            } else {
                bad.partitions().add(new OffsetCommitResponsePartition().setPartitionIndex(p.partitionIndex())
                        .setErrorCode(unknown.code()));
            }
        }
        if (!good.isEmpty()) {
            TopicImage topic = found.orElseThrow();
            known.topics().add(new OffsetCommitRequestTopic().setName(topic.name()).setTopicId(topic.id())
                    .setPartitions(good));
        }
        if (!bad.partitions().isEmpty()) {
            refused.add(bad);
        }
    }

    private static OffsetCommitResponseData merged(OffsetCommitResponseData response,
            List<OffsetCommitResponseTopic> refused) {
        for (OffsetCommitResponseTopic bad : refused) {
            response.topics().stream()
                    .filter(t -> t.name().equals(bad.name()) && t.topicId().equals(bad.topicId())).findFirst()
                    .ifPresentOrElse(t -> t.partitions().addAll(bad.partitions()), () -> response.topics().add(bad));
        }
        return response;
    }
}
