package io.sluice.kafka.admin;

import io.sluice.actors.config.ConfigEntry;
import io.sluice.actors.config.EffectiveConfigs;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeConfigs: the settings in force for topics, groups and nodes, and where they come from (KIP-226, KIP-569). */
final class DescribeConfigsHandler implements ApiHandler {

    private final Controller controller;
    private final StaticConfigs statics;

    DescribeConfigsHandler(Controller controller, StaticConfigs statics) {
        this.controller = controller;
        this.statics = statics;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public CompletionStage<DescribeConfigsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (DescribeConfigsRequestData) message;
        ClusterImage image = controller.image();
        var response = new DescribeConfigsResponseData();
        for (DescribeConfigsResource asked : request.resources()) {
            var result = new DescribeConfigsResult().setResourceType(asked.resourceType())
                    .setResourceName(asked.resourceName());
            try {
                result.setErrorMessage("").setConfigs(entries(image, asked).stream()
                        .filter(entry -> isAskedFor(asked.configurationKeys(), entry.name()))
                        .map(entry -> describe(entry, request)).toList());
            } catch (ApiException e) {
                result.setErrorCode(Errors.forException(e).code()).setErrorMessage(e.getMessage());
            }
            response.results().add(result);
        }
        return CompletableFuture.completedFuture(response);
    }

    private List<ConfigEntry> entries(ClusterImage image, DescribeConfigsResource asked) {
        ConfigResource resource = ConfigTargets.require(image, asked.resourceType(), asked.resourceName());
        EffectiveConfigs configs = EffectiveConfigs.of(image, image.selfId(), statics);
        return switch (resource.type()) {
            case TOPIC -> configs.describeTopic(image.topic(resource.name()).orElseThrow());
            case GROUP -> configs.describeGroup(image.groupConfigs(resource.name()));
            default -> resource.name().isEmpty() ? configs.describeClusterDefaults() : configs.describeNode();
        };
    }

    /** An empty list asks for all, as null does: what Kafka makes of it, although the message's text says otherwise. */
    private static boolean isAskedFor(List<String> keys, String name) {
        return keys == null || keys.isEmpty() || keys.contains(name);
    }

    private static DescribeConfigsResourceResult describe(ConfigEntry entry, DescribeConfigsRequestData request) {
        var result = new DescribeConfigsResourceResult().setName(entry.name())
                .setValue(entry.sensitive() ? null : entry.value()).setReadOnly(entry.readOnly())
                .setConfigSource(entry.source().id()).setIsSensitive(entry.sensitive())
                .setConfigType(entry.type().id())
                .setDocumentation(request.includeDocumentation() ? entry.documentation() : null);
        if (request.includeSynonyms()) {
            result.setSynonyms(entry.synonyms().stream().map(synonym -> new DescribeConfigsSynonym()
                    .setName(synonym.name()).setValue(entry.sensitive() ? null : synonym.value())
                    .setSource(synonym.source().id())).toList());
        }
        return result;
    }
}
