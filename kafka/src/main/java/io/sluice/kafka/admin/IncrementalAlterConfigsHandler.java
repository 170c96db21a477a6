package io.sluice.kafka.admin;

import io.sluice.kafka.admin.ConfigAlteration.Item;
import io.sluice.kafka.admin.ConfigAlteration.Target;
import io.sluice.kafka.admin.ConfigChanges.Change;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** IncrementalAlterConfigs (KIP-339): changes the settings that are named and leaves the others. */
final class IncrementalAlterConfigsHandler implements ApiHandler {

    private final ConfigAlteration alteration;

    IncrementalAlterConfigsHandler(ConfigAlteration alteration) {
        this.alteration = alteration;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<IncrementalAlterConfigsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (IncrementalAlterConfigsRequestData) message;
        List<Item> items = request.resources().stream()
                .map(resource -> new Item(new Target(resource.resourceType(), resource.resourceName()),
                        resource.configs().stream().map(config -> new Change(config.name(),
                                OpType.forId(config.configOperation()), config.value())).toList()))
                .toList();
        return alteration.apply(items, false, request.validateOnly()).thenApply(outcomes -> {
            var response = new IncrementalAlterConfigsResponseData();
            outcomes.forEach(outcome -> response.responses()
                    .add(new AlterConfigsResourceResponse().setResourceType(outcome.target().type())
                            .setResourceName(outcome.target().name()).setErrorCode(outcome.error().code())
                            .setErrorMessage(outcome.message())));
            return response;
        });
    }
}
