package io.sluice.kafka.admin;

import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.controller.Controller.MorePartitions;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** CreatePartitions (KIP-195): topics grow, they never shrink. */
final class CreatePartitionsHandler implements ApiHandler {

    private final Controller controller;

    CreatePartitionsHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CREATE_PARTITIONS;
    }

    @Override
    public CompletionStage<CreatePartitionsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (CreatePartitionsRequestData) message;
        Map<String, AdminResult<TopicImage>> refused = refused(controller.image(), request);
        List<MorePartitions> wanted = request.topics().stream().filter(topic -> refused.get(topic.name()) == null)
                .map(topic -> new MorePartitions(topic.name(), topic.count(), assignment(topic))).toList();
        var grown = wanted.isEmpty()
                ? CompletableFuture.completedFuture(Map.<String, AdminResult<TopicImage>>of())
                : controller.createPartitions(wanted, request.validateOnly(), Duration.ofMillis(request.timeoutMs()));
        return Outcomes.of(grown).thenApply(outcomes -> {
            var response = new CreatePartitionsResponseData();
            refused.forEach((name, refusal) -> {
                AdminResult<TopicImage> result = refusal != null ? refusal : outcomes.apply(name);
                response.results().add(new CreatePartitionsTopicResult().setName(name)
                        .setErrorCode(result.error().code()).setErrorMessage(Outcomes.message(result)));
            });
            return response;
        });
    }

    /** The names asked for, each once, with the refusal for those that the controller is not asked about. */
    private static Map<String, AdminResult<TopicImage>> refused(ClusterImage image,
            CreatePartitionsRequestData request) {
        Map<String, AdminResult<TopicImage>> refused = new LinkedHashMap<>();
        AdminResult<TopicImage> common = null;
        if (added(image, request) > Limits.NEW_PARTITIONS_PER_REQUEST_MAX) {
            common = AdminResult.failed(Errors.POLICY_VIOLATION, "at most " + Limits.NEW_PARTITIONS_PER_REQUEST_MAX
                    + " partitions are possible in one request, ask in several");
        } else if (request.timeoutMs() <= 0) {
            common = AdminResult.failed(Errors.REQUEST_TIMED_OUT, null);
        }
        for (CreatePartitionsTopic topic : request.topics()) {
            boolean twice = refused.containsKey(topic.name());
            refused.put(topic.name(), twice
                    ? AdminResult.failed(Errors.INVALID_REQUEST, "topic " + topic.name() + " is named twice")
                    : common);
        }
        return refused;
    }

    private static long added(ClusterImage image, CreatePartitionsRequestData request) {
        return request.topics().stream().mapToLong(topic -> image.topic(topic.name())
                .map(now -> Math.max(0L, (long) topic.count() - now.partitionCount())).orElse(0L)).sum();
    }

    private static List<List<Integer>> assignment(CreatePartitionsTopic topic) {
        return topic.assignments() == null
                ? null
                : topic.assignments().stream().map(CreatePartitionsAssignment::brokerIds).toList();
    }
}
