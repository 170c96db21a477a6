package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.actors.image.ClusterImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** OffsetFetch: one group up to version 7, many from version 8 on (KIP-709), topics by id from version 10 on. */
final class OffsetFetchHandler implements ApiHandler {
    private static final short ALL_TOPICS_AND_TOP_ERROR = 2;
    private static final short MANY_GROUPS = 8;
    private static final short TOPIC_IDS = 10;

    private final Groups groups;
    private final Supplier<ClusterImage> image;

    OffsetFetchHandler(Groups groups, Supplier<ClusterImage> image) {
        this.groups = groups;
        this.image = image;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        OffsetFetchRequestData request = (OffsetFetchRequestData) message;
        short version = context.apiVersion();
        if (version < MANY_GROUPS) {
            return fetch(asGroup(request), version).thenApply(g -> asSingle(g, version));
        }
        List<CompletableFuture<OffsetFetchResponseGroup>> parts = request.groups().stream()
                .map(g -> fetch(g, version).toCompletableFuture()).toList();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> new OffsetFetchResponseData()
                        .setGroups(parts.stream().map(CompletableFuture::join).toList()));
    }

    private CompletionStage<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup request, short version) {
        String memberId = Objects.requireNonNullElse(request.memberId(), "");
        return groups.offsets(request.groupId(), memberId, request.memberEpoch())
                .thenApply(offsets -> new OffsetFetchAnswer(image.get(), version >= TOPIC_IDS).of(request, offsets));
    }

    private static OffsetFetchRequestGroup asGroup(OffsetFetchRequestData request) {
        List<OffsetFetchRequestTopics> topics = request.topics() == null
                ? null
                : request.topics().stream().map(
                        t -> new OffsetFetchRequestTopics().setName(t.name()).setPartitionIndexes(t.partitionIndexes()))
                        .toList();
        return new OffsetFetchRequestGroup().setGroupId(request.groupId()).setTopics(topics);
    }

    /** Version 1 has no place for the group's error but in each partition. */
    private static OffsetFetchResponseData asSingle(OffsetFetchResponseGroup group, short version) {
        OffsetFetchResponseData response = new OffsetFetchResponseData();
        if (version >= ALL_TOPICS_AND_TOP_ERROR) {
            response.setErrorCode(group.errorCode());
        }
        group.topics().forEach(t -> {
            OffsetFetchResponseTopic topic = new OffsetFetchResponseTopic().setName(t.name());
            t.partitions().forEach(p -> topic.partitions()
                    .add(new OffsetFetchResponsePartition().setPartitionIndex(p.partitionIndex())
                            .setCommittedOffset(p.committedOffset()).setCommittedLeaderEpoch(p.committedLeaderEpoch())
                            .setMetadata(p.metadata()).setErrorCode(p.errorCode())));
            response.topics().add(topic);
        });
        return response;
    }
}
