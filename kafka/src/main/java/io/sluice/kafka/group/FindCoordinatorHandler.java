package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/** FindCoordinator: one key up to version 3, many from version 4 on (KIP-699). */
final class FindCoordinatorHandler implements ApiHandler {
    private static final short BATCHED = 4;

    private final Groups groups;
    private final Supplier<ClusterImage> image;

    FindCoordinatorHandler(Groups groups, Supplier<ClusterImage> image) {
        this.groups = groups;
        this.image = image;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        FindCoordinatorRequestData request = (FindCoordinatorRequestData) message;
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        if (context.apiVersion() >= BATCHED) {
            request.coordinatorKeys().forEach(key -> response.coordinators().add(find(request.keyType(), key)));
        } else {
            Coordinator found = find(request.keyType(), request.key());
            response.setErrorCode(found.errorCode()).setErrorMessage(found.errorMessage()).setNodeId(found.nodeId())
                    .setHost(found.host()).setPort(found.port());
        }
        return CompletableFuture.completedFuture(response);
    }

    private Coordinator find(byte keyType, String key) {
        if (keyType != CoordinatorType.GROUP.id()) {
            // an error that clients do not retry: waiting would not make transactions or share groups appear
            return missing(key, Errors.INVALID_REQUEST, "this node coordinates consumer groups only");
        }
        if (key.isEmpty()) {
            return missing(key, Errors.INVALID_GROUP_ID, Errors.INVALID_GROUP_ID.message());
        }
        NodeImage node = image.get().nodes().get(groups.coordinatorOf(key));
        if (node == null || !node.alive()) {
            return missing(key, Errors.COORDINATOR_NOT_AVAILABLE, Errors.COORDINATOR_NOT_AVAILABLE.message());
        }
        return new Coordinator().setKey(key).setNodeId(node.id()).setHost(node.host()).setPort(node.port());
    }

    private static Coordinator missing(String key, Errors error, String why) {
        return new Coordinator().setKey(key).setNodeId(-1).setHost("").setPort(-1).setErrorCode(error.code())
                .setErrorMessage(why);
    }
}
