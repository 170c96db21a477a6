package io.sluice.kafka.admin;

import io.sluice.actors.controller.Controller;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** UnregisterBroker (KIP-500): takes a node that is gone for good out of the cluster; one that is alive or holds something is refused. */
final class UnregisterBrokerHandler implements ApiHandler {

    /** The request carries no timeout of its own. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Controller controller;

    UnregisterBrokerHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.UNREGISTER_BROKER;
    }

    @Override
    public CompletionStage<UnregisterBrokerResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (UnregisterBrokerRequestData) message;
        return controller.unregisterNode(request.brokerId(), TIMEOUT)
                .exceptionally(Outcomes::failed)
                .thenApply(result -> new UnregisterBrokerResponseData().setErrorCode(result.error().code())
                        .setErrorMessage(Outcomes.message(result)));
    }
}
