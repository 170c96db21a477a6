package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** DeleteGroups: empty groups, with their offsets. */
final class DeleteGroupsHandler implements ApiHandler {
    private final Groups groups;

    DeleteGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_GROUPS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        DeleteGroupsRequestData request = (DeleteGroupsRequestData) message;
        return groups.delete(request.groupsNames()).thenApply(errors -> {
            DeleteGroupsResponseData response = new DeleteGroupsResponseData();
            errors.forEach((id, error) -> response.results()
                    .add(new DeletableGroupResult().setGroupId(id).setErrorCode(error.code())));
            return response;
        });
    }
}
