package io.sluice.kafka.admin;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * ListConfigResources (KIP-1142): what has settings: topics, nodes, and the groups that have their own. Version 0, which once listed the subscriptions to client metrics
 * alone, has nothing to list.
 */
final class ListConfigResourcesHandler implements ApiHandler {

    private final Controller controller;

    ListConfigResourcesHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_CONFIG_RESOURCES;
    }

    @Override
    public CompletionStage<ListConfigResourcesResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (ListConfigResourcesRequestData) message;
        var response = new ListConfigResourcesResponseData();
        Set<ConfigResource.Type> types = EnumSet.noneOf(ConfigResource.Type.class);
        request.resourceTypes().forEach(type -> types.add(ConfigResource.Type.forId(type)));
        if (types.contains(ConfigResource.Type.UNKNOWN)) {
            return CompletableFuture.completedFuture(response.setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
        }
        if (types.isEmpty() && context.apiVersion() > 0) {
            types.addAll(EnumSet.allOf(ConfigResource.Type.class));
        }
        ClusterImage image = controller.image();
        if (types.contains(ConfigResource.Type.BROKER)) {
            add(response, ConfigResource.Type.BROKER, image.nodes().values().stream().filter(NodeImage::alive)
                    .map(node -> Integer.toString(node.id())));
        }
        if (types.contains(ConfigResource.Type.TOPIC)) {
            add(response, ConfigResource.Type.TOPIC, image.topics().stream().map(TopicImage::name));
        }
        if (types.contains(ConfigResource.Type.GROUP)) {
            add(response, ConfigResource.Type.GROUP, image.configuredGroups().stream());
        }
        return CompletableFuture.completedFuture(response);
    }

    private static void add(ListConfigResourcesResponseData response, ConfigResource.Type type,
            Stream<String> names) {
        names.forEach(name -> response.configResources().add(new ListConfigResourcesResponseData.ConfigResource()
                .setResourceName(name).setResourceType(type.id())));
    }
}
