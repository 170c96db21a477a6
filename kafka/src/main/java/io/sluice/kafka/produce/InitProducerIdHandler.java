package io.sluice.kafka.produce;

import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.controller.Controller;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Gives idempotent producers their ids (KIP-98). */
final class InitProducerIdHandler implements ApiHandler {
    /** Version 6 is for two-phase commit (KIP-939) and not stable. */
    private static final short VERSION_MAX = 5;

    private final Controller controller;

    InitProducerIdHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public short maxVersion() {
        return VERSION_MAX;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage message) {
        if (((InitProducerIdRequestData) message).transactionalId() != null) {
            // fatal to the producer at once; errors of the coordinator would make it try again until it times out
            return CompletableFuture.completedFuture(failed(Errors.UNSUPPORTED_VERSION));
        }
        return controller.nextProducerId().thenApply(InitProducerIdHandler::answer);
    }

    private static InitProducerIdResponseData answer(AdminResult<Long> id) {
        if (id.error() != Errors.NONE) {
            // the one error that all clients try again after
            return failed(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        }
        return new InitProducerIdResponseData().setProducerId(id.value()).setProducerEpoch((short) 0);
    }

    private static InitProducerIdResponseData failed(Errors error) {
        return new InitProducerIdResponseData().setErrorCode(error.code()).setProducerId(-1)
                .setProducerEpoch((short) -1);
    }
}
