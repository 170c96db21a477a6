package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** SyncGroup: the leader brings the assignment, everybody gets his part. */
final class SyncGroupHandler implements ApiHandler {
    private final Groups groups;

    SyncGroupHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.SYNC_GROUP;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        return groups.sync((SyncGroupRequestData) message);
    }
}
