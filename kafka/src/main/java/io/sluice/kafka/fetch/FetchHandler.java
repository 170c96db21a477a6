package io.sluice.kafka.fetch;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Hands out records; the bytes stay in the segment files until the socket takes them. */
final class FetchHandler implements ApiHandler {
    private final Partitions partitions;
    private final Controller controller;
    private final FetchSettings settings;
    private final FetchSessions sessions;

    FetchHandler(Partitions partitions, Controller controller, FetchSettings settings) {
        this.partitions = partitions;
        this.controller = controller;
        this.settings = settings;
        this.sessions = new FetchSessions(settings, System::nanoTime);
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.FETCH;
    }

    @Override
    public boolean cancellable() {
        return true;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        FetchRequestData request = (FetchRequestData) message;
        FetchSessions.Outcome session = sessions.open(context.apiVersion(), request);
        if (session.error() != Errors.NONE) {
            return CompletableFuture.completedFuture(new FetchResponseData().setErrorCode(session.error().code()));
        }
        int bytesMax = Math.clamp(request.maxBytes(), 0, settings.responseBytesMax());
        FetchReader reader = FetchReader.of(context.apiVersion(), request);
        return new FetchRound(context.eventLoop(), Math.min(request.minBytes(), bytesMax),
                session.targets().isEmpty() ? 0 : request.maxWaitMs(),
                looked -> new FetchPass(partitions, controller.image(), session.targets(), bytesMax, reader,
                        context.eventLoop(), looked),
                pass -> new FetchAnswer(partitions, controller.image(), context.apiVersion()).of(session, pass))
                .start();
    }
}
