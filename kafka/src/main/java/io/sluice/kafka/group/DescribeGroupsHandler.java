package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeGroups: state, members and their assignments. */
final class DescribeGroupsHandler implements ApiHandler {
    private static final short NOT_FOUND_KNOWN = 6;

    private final Groups groups;

    DescribeGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        DescribeGroupsRequestData request = (DescribeGroupsRequestData) message;
        List<CompletableFuture<DescribedGroup>> parts = request.groups().stream()
                .map(id -> groups.describe(id).toCompletableFuture()).toList();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> new DescribeGroupsResponseData().setGroups(
                        parts.stream().map(p -> asOf(context.apiVersion(), p.join())).toList()));
    }

    /** Before version 6 an unknown group was a dead one, without an error. */
    private static DescribedGroup asOf(short version, DescribedGroup group) {
        if (group.errorCode() != Errors.GROUP_ID_NOT_FOUND.code()) {
            return group;
        }
        group.setGroupState("Dead");
        return version >= NOT_FOUND_KNOWN
                ? group
                : group.setErrorCode(Errors.NONE.code());
    }
}
