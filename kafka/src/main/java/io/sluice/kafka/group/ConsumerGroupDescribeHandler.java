package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** ConsumerGroupDescribe (KIP-848): epochs, members, what they have and what they shall have. */
final class ConsumerGroupDescribeHandler implements ApiHandler {
    private final Groups groups;

    ConsumerGroupDescribeHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        List<CompletableFuture<DescribedGroup>> parts = ((ConsumerGroupDescribeRequestData) message).groupIds().stream()
                .map(id -> groups.describeConsumer(id).toCompletableFuture()).toList();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> new ConsumerGroupDescribeResponseData()
                        .setGroups(parts.stream().map(CompletableFuture::join).toList()));
    }
}
