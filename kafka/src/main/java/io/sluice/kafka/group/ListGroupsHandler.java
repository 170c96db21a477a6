package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** ListGroups: the groups that this node coordinates. */
final class ListGroupsHandler implements ApiHandler {
    private final Groups groups;

    ListGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        ListGroupsRequestData request = (ListGroupsRequestData) message;
        return groups.list().thenApply(all -> new ListGroupsResponseData().setGroups(all.stream()
                .filter(g -> matches(request.statesFilter(), g.groupState()))
                .filter(g -> matches(request.typesFilter(), g.groupType())).toList()));
    }

    /** An empty filter lets everything pass; names are compared without case. */
    private static boolean matches(List<String> filter, String value) {
        return filter.isEmpty() || filter.stream().anyMatch(value::equalsIgnoreCase);
    }
}
