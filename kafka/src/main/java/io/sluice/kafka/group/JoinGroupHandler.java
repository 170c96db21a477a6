package io.sluice.kafka.group;

import io.sluice.actors.group.GroupClient;
import io.sluice.actors.group.Groups;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** JoinGroup: answered when the rebalance is done. */
final class JoinGroupHandler implements ApiHandler {
    private final Groups groups;

    JoinGroupHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        GroupClient client = new GroupClient(context.clientId(), ClientHost.of(context), context.apiVersion());
        return groups.join((JoinGroupRequestData) message, client);
    }
}
