package io.sluice.kafka.admin;

import io.sluice.actors.config.EffectiveConfigs;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** CreateTopics: the answer tells each topic as it became, with the settings in force (KIP-525). */
final class CreateTopicsHandler implements ApiHandler {

    private final Controller controller;
    private final StaticConfigs statics;

    CreateTopicsHandler(Controller controller, StaticConfigs statics) {
        this.controller = controller;
        this.statics = statics;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CREATE_TOPICS;
    }

    @Override
    public CompletionStage<CreateTopicsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (CreateTopicsRequestData) message;
        TopicRequests requests = TopicRequests.of(request, statics.settings().numPartitions());
        var created = requests.wanted().isEmpty()
                ? CompletableFuture.completedFuture(Map.<String, AdminResult<TopicImage>>of())
                : controller.createTopics(requests.wanted(), request.validateOnly(),
                        Duration.ofMillis(request.timeoutMs()));
        return Outcomes.of(created).thenApply(outcomes -> answer(requests, outcomes));
    }

    private CreateTopicsResponseData answer(TopicRequests requests,
            Function<String, AdminResult<TopicImage>> outcomes) {
        ClusterImage image = controller.image();
        EffectiveConfigs configs = EffectiveConfigs.of(image, image.selfId(), statics);
        var response = new CreateTopicsResponseData();
        for (String name : requests.names()) {
            AdminResult<TopicImage> refusal = requests.refusal(name);
            AdminResult<TopicImage> result = refusal != null ? refusal : outcomes.apply(name);
            response.topics().add(result.error() == Errors.NONE
                    ? created(result.value(), configs)
                    : new CreatableTopicResult().setName(name).setErrorCode(result.error().code())
                            .setErrorMessage(Outcomes.message(result)));
        }
        return response;
    }

    private static CreatableTopicResult created(TopicImage topic, EffectiveConfigs configs) {
        List<CreatableTopicConfigs> described = configs.describeTopic(topic).stream()
                .map(entry -> new CreatableTopicConfigs().setName(entry.name()).setValue(entry.value())
                        .setReadOnly(entry.readOnly()).setConfigSource(entry.source().id())
                        .setIsSensitive(entry.sensitive()))
                .toList();
        return new CreatableTopicResult().setName(topic.name()).setTopicId(topic.id()).setErrorMessage(null)
                .setNumPartitions(topic.partitionCount())
                .setReplicationFactor((short) topic.replicas().getFirst().size()).setConfigs(described);
    }
}
