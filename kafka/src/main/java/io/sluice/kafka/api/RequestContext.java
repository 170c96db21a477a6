package io.sluice.kafka.api;

import java.net.SocketAddress;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * What a handler may know of the request it serves.
 *
 * @param apiVersion version of the request and so of its response
 * @param clientId the client's id from the request header, or null
 * @param remote the client's address
 * @param connectionId unique among the connections of this process
 * @param eventLoop runs tasks on the connection's event loop, one at a time, now or later
 * @param frameHolder see {@link #holdFrame}
 */
public record RequestContext(short apiVersion, String clientId, SocketAddress remote, long connectionId,
        ScheduledExecutorService eventLoop, Supplier<Runnable> frameHolder) {

    /** A context for a request whose message is not backed by a frame. */
    public RequestContext(short apiVersion, String clientId, SocketAddress remote, long connectionId,
            ScheduledExecutorService eventLoop) {
        this(apiVersion, clientId, remote, connectionId, eventLoop, () -> () -> {
        });
    }

    /**
     * Keeps the request's byte buffers valid beyond the response, for a handler that answers before it is done with them. Only to be called
     * before the handler's stage completes.
     *
     * @return lets go of them; to be run exactly once, on any thread
     */
    public Runnable holdFrame() {
        return frameHolder.get();
    }
}
