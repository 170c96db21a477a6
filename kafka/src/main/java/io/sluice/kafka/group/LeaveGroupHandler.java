package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** LeaveGroup: one member up to version 2, many from version 3 on (KIP-345). */
final class LeaveGroupHandler implements ApiHandler {
    private static final short BATCHED = 3;

    private final Groups groups;

    LeaveGroupHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        LeaveGroupRequestData request = (LeaveGroupRequestData) message;
        if (context.apiVersion() >= BATCHED) {
            return groups.leave(request);
        }
        request.members().add(new MemberIdentity().setMemberId(request.memberId()));
        return groups.leave(request).thenApply(response -> {
            short error = response.errorCode() != 0 ? response.errorCode() : response.members().get(0).errorCode();
            return new LeaveGroupResponseData().setErrorCode(error);
        });
    }
}
