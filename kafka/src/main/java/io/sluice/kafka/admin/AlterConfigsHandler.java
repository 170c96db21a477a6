package io.sluice.kafka.admin;

import io.sluice.kafka.admin.ConfigAlteration.Item;
import io.sluice.kafka.admin.ConfigAlteration.Target;
import io.sluice.kafka.admin.ConfigChanges.Change;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** AlterConfigs, the older way to change settings (KIP-133): what a resource's list leaves out goes back to its default. */
final class AlterConfigsHandler implements ApiHandler {

    private final ConfigAlteration alteration;

    AlterConfigsHandler(ConfigAlteration alteration) {
        this.alteration = alteration;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<AlterConfigsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (AlterConfigsRequestData) message;
        List<Item> items = request.resources().stream()
                .map(resource -> new Item(new Target(resource.resourceType(), resource.resourceName()),
                        resource.configs().stream()
                                .map(config -> new Change(config.name(), OpType.SET, config.value())).toList()))
                .toList();
        return alteration.apply(items, true, request.validateOnly()).thenApply(outcomes -> {
            var response = new AlterConfigsResponseData();
            outcomes.forEach(outcome -> response.responses()
                    .add(new AlterConfigsResourceResponse().setResourceType(outcome.target().type())
                            .setResourceName(outcome.target().name()).setErrorCode(outcome.error().code())
                            .setErrorMessage(outcome.message())));
            return response;
        });
    }
}
