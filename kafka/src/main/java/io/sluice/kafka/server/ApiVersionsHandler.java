package io.sluice.kafka.server;

import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Tells clients which APIs there are and in which versions (KIP-35, KIP-511). */
final class ApiVersionsHandler implements ApiHandler {
    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");
    private static final short KIP_511 = 3;

    private final ApiVersionsResponseData.ApiVersionCollection versions;

    /** @param others all other handlers of the server */
    ApiVersionsHandler(Collection<? extends ApiHandler> others) {
        versions = new ApiVersionsResponseData.ApiVersionCollection();
        for (ApiHandler handler : new ApiTable(others).handlers()) {
            versions.add(advertised(handler));
        }
        versions.add(advertised(this));
    }

    private static ApiVersion advertised(ApiHandler handler) {
        // older librdkafka turns compression off when Produce begins at 3 (KAFKA-18659), so 0 is advertised though not served
        short min = handler.api() == ApiKeys.PRODUCE ? 0 : handler.minVersion();
        return new ApiVersion().setApiKey(handler.api().id).setMinVersion(min).setMaxVersion(handler.maxVersion());
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.API_VERSIONS;
    }

    /** The answer to a version that is not served, in version 0: clients take our highest one from it and ask again. */
    ApiVersionsResponseData unsupportedVersion() {
        ApiVersionsResponseData.ApiVersionCollection own = new ApiVersionsResponseData.ApiVersionCollection();
        own.add(advertised(this));
        return new ApiVersionsResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code()).setApiKeys(own);
    }

    @Override
    public CompletionStage<ApiMessage> handle(RequestContext context, ApiMessage request) {
        return CompletableFuture.completedFuture(answer(context.apiVersion(), (ApiVersionsRequestData) request));
    }

    private ApiVersionsResponseData answer(short version, ApiVersionsRequestData request) {
        if (version >= KIP_511 && !(SOFTWARE.matcher(request.clientSoftwareName()).matches()
                && SOFTWARE.matcher(request.clientSoftwareVersion()).matches())) {
            return new ApiVersionsResponseData().setErrorCode(Errors.INVALID_REQUEST.code());
        }
        return new ApiVersionsResponseData().setApiKeys(versions);
    }
}
