package io.sluice.kafka.group;

import io.sluice.actors.group.GroupClient;
import io.sluice.actors.group.Groups;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** ConsumerGroupHeartbeat (KIP-848): a member joins, stays and leaves, and is told what it has. */
final class ConsumerGroupHeartbeatHandler implements ApiHandler {
    private static final short CLIENT_MAKES_ID = 1;

    private final Groups groups;

    ConsumerGroupHeartbeatHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        ConsumerGroupHeartbeatRequestData request = (ConsumerGroupHeartbeatRequestData) message;
        if (request.groupId().isEmpty()) {
            return invalid("GroupId can't be empty.");
        }
        if (request.memberId().isEmpty() && context.apiVersion() >= CLIENT_MAKES_ID) {
            return invalid("MemberId can't be empty.");
        }
        return groups.consumerHeartbeat(request, new GroupClient(context.clientId(), ClientHost.of(context)));
    }

    private static CompletionStage<ConsumerGroupHeartbeatResponseData> invalid(String why) {
        return CompletableFuture.completedFuture(new ConsumerGroupHeartbeatResponseData()
                .setErrorCode(Errors.INVALID_REQUEST.code()).setErrorMessage(why));
    }
}
