package io.sluice.kafka.server;

import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** A handler made of a function. */
record TestHandler(ApiKeys api, boolean cancellable,
        BiFunction<RequestContext, ApiMessage, CompletionStage<? extends ApiMessage>> answer) implements ApiHandler {

    TestHandler(ApiKeys api, BiFunction<RequestContext, ApiMessage, CompletionStage<? extends ApiMessage>> answer) {
        this(api, false, answer);
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage request) {
        return answer.apply(context, request);
    }
}
