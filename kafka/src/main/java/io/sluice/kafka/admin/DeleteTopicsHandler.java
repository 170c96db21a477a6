package io.sluice.kafka.admin;

import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.admin.DeletionRequests.Item;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DeleteTopics, unless the node's settings forbid it. */
final class DeleteTopicsHandler implements ApiHandler {

    /** The first version with an error of its own for "not allowed by the settings" (KIP-322). */
    private static final short FIRST_VERSION_WITH_DELETION_DISABLED = 3;

    private final Controller controller;
    private final boolean deleteTopics;

    DeleteTopicsHandler(Controller controller, boolean deleteTopics) {
        this.controller = controller;
        this.deleteTopics = deleteTopics;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public CompletionStage<DeleteTopicsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (DeleteTopicsRequestData) message;
        List<Item> items = DeletionRequests.of(controller.image(), request, context.apiVersion());
        AdminResult<TopicImage> refusal = refusal(request, context.apiVersion());
        List<Uuid> wanted = items.stream().filter(item -> refusal == null && item.refusal() == null).map(Item::id)
                .toList();
        var deleted = wanted.isEmpty()
                ? CompletableFuture.completedFuture(Map.<Uuid, AdminResult<TopicImage>>of())
                : controller.deleteTopics(wanted, Duration.ofMillis(request.timeoutMs()));
        return Outcomes.of(deleted).thenApply(outcomes -> {
            var response = new DeleteTopicsResponseData();
            for (Item item : items) {
                AdminResult<TopicImage> result = item.refusal() != null ? item.refusal() : refusal;
                response.responses().add(answer(item, result != null ? result : outcomes.apply(item.id())));
            }
            return response;
        });
    }

    private AdminResult<TopicImage> refusal(DeleteTopicsRequestData request, short version) {
        if (!deleteTopics) {
            return AdminResult.failed(version >= FIRST_VERSION_WITH_DELETION_DISABLED
                    ? Errors.TOPIC_DELETION_DISABLED
                    : Errors.INVALID_REQUEST, "topics cannot be deleted while delete.topic.enable is false");
        }
        return request.timeoutMs() > 0 ? null : AdminResult.failed(Errors.REQUEST_TIMED_OUT, null);
    }

    private static DeletableTopicResult answer(Item item, AdminResult<TopicImage> result) {
        return new DeletableTopicResult().setName(item.name()).setTopicId(item.id())
                .setErrorCode(result.error().code()).setErrorMessage(Outcomes.message(result));
    }
}
