package io.sluice.kafka.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Serves one API of the Kafka protocol. Called on the connection's event loop, so it must not block; requests of one connection are handed over in
 * order and pipelined, and the connection puts the answers back in order. Shared by all connections: no state of one in here.
 */
public interface ApiHandler {

    /** The API it serves. */
    ApiKeys api();

    /** Lowest version served and advertised. */
    default short minVersion() {
        return api().oldestVersion();
    }

    /** Highest version served and advertised. */
    default short maxVersion() {
        return api().latestVersion();
    }

    /**
     * Serves one request. Errors that the protocol can express are in the answer; a stage that fails is a bug or a broken invariant, and closes
     * the connection (or, where the API has a top-level error, answers UNKNOWN_SERVER_ERROR).
     *
     * @param request the message class of kafka-clients for this API at {@link RequestContext#apiVersion}; its byte buffers are views of the
     *        request frame, valid until the stage completes
     * @return the response message; a null result means that no response is sent (Produce with acks=0)
     */
    CompletionStage<? extends ApiMessage> handle(RequestContext context, ApiMessage request);

    /**
     * Whether the server may cancel the stage (as {@link java.util.concurrent.CompletableFuture#cancel} does) once nobody waits for the answer,
     * because the connection was closed or the server stops. Only for handlers that change nothing.
     */
    default boolean cancellable() {
        return false;
    }
}
