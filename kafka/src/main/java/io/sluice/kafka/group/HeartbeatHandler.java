package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Heartbeat: a member is alive, and learns of a rebalance. */
final class HeartbeatHandler implements ApiHandler {
    private final Groups groups;

    HeartbeatHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.HEARTBEAT;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        return groups.heartbeat((HeartbeatRequestData) message);
    }
}
