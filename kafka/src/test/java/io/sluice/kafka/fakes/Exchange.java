package io.sluice.kafka.fakes;

import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Calls a handler as a connection does: request and response go through their bytes, so what a version cannot carry is not there. */
public final class Exchange {

    private Exchange() {
    }

    /** All versions that the handler serves. */
    public static IntStream versions(ApiHandler handler) {
        return IntStream.rangeClosed(handler.minVersion(), handler.maxVersion());
    }

    /** The answer as the client decodes it. */
    public static <T extends ApiMessage> T call(ApiHandler handler, int version, ApiMessage request,
            Class<T> response) {
        ApiMessage answer = start(handler, version, request).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS)
                .join();
        ApiMessage decoded = ApiMessageType.fromApiKey(handler.api().id).newResponse();
        return response.cast(recode(answer, decoded, (short) version));
    }

    /** The handler's own stage. */
    public static CompletionStage<? extends ApiMessage> start(ApiHandler handler, int version, ApiMessage request) {
        ApiMessage decoded = recode(request, ApiMessageType.fromApiKey(handler.api().id).newRequest(), (short) version);
        var context = new RequestContext((short) version, "test", new InetSocketAddress(0), 1, null);
        return handler.handle(context, decoded);
    }

    private static ApiMessage recode(ApiMessage from, ApiMessage to, short version) {
        var cache = new ObjectSerializationCache();
        var bytes = ByteBuffer.allocate(from.size(cache, version));
        from.write(new ByteBufferAccessor(bytes), cache, version);
        bytes.flip();
        to.read(new ByteBufferAccessor(bytes), version);
        return to;
    }
}
